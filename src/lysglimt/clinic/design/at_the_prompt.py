"""The sentences for what a command refuses: files, the trail of reads, the register's tables."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

AT_THE_PROMPT: dict[str, Promise] = {
    "catalogue.inconsistent": gettext_lazy("A clinical value contradicts itself."),
    "catalogue.misstated": gettext_lazy("A clinical data file states what is not known."),
    "catalogue.unknown": gettext_lazy("There is nothing by the name that was asked for."),
    "audit.nobody": gettext_lazy("No patient has this id or identity number."),
    "audit.nobody-named": gettext_lazy("Nothing stands on standard input."),
    "audit.not-anchored": gettext_lazy("The place outside did not take the head of the log."),
    "audit.no-anchor": gettext_lazy("No anchor can be read in this file."),
    "account.refused": gettext_lazy("The account was not changed."),
    "simulate.folder-taken": gettext_lazy("Something lies where the files are to be written."),
    "delivery.folder-taken": gettext_lazy("Something lies where the rows are to be written."),
    "register.no-delivery": gettext_lazy(
        "The folder holds no table of the code book, or one that it does not have."
    ),
    "register.no-signing-key": gettext_lazy(
        "The file holds no signing key, or stands where one was to be written."
    ),
    "register.not-parquet": gettext_lazy("No table can be read from this file."),
    "register.package-refused": gettext_lazy(
        "The delivery to the register was not taken: %(value)s."
    ),
    "register.unprotectable": gettext_lazy(
        "Together with what stands elsewhere these tables would give a small number away."
    ),
}
