"""What is typed about eligibility, consent, work-up and approval."""
