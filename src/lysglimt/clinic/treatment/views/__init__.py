"""The pages about eligibility, consent and work-up, those who wait, and what a unit approves."""
