"""The parts of a record that a patient can close by themselves."""

from enum import StrEnum


class Chapter(StrEnum):
    RATINGS = "ratings"
    HISTORY = "history"
    SESSIONS = "sessions"
