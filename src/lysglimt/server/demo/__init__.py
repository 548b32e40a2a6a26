"""A throw-away clinic with made-up patients, in every phase and every trouble."""
