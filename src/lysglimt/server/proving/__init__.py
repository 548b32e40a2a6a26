"""The promises on the front page, each with a way to see that it holds here.

A module of this folder that bears the name of a promise has a function ``proved()``, which tries it
on a scratch copy of this clinic's database and answers with a `Proved`. `lysglimt prove` offers
the promises whose module is there.
"""
