"""Make or upgrade the database."""

import click

from lysglimt.server.starting import start


@click.command
@click.option("--plan", is_flag=True, help="Only say what would be done.")
def command(*, plan: bool) -> None:
    """Make or upgrade the database. One that a newer Lysglimt made is refused."""
    start(as_owner=True)
    from lysglimt.server.counting_anew import count_anew  # noqa: PLC0415 - it loads models, likewise
    from lysglimt.server.migrations import (  # noqa: PLC0415 - it loads models: Django is set up first, and `--help` waits for neither
        Ahead,
        ahead,
        bring_up_to_date,
        draw_second_line,
        waiting,
    )

    if unknown := ahead():
        raise Ahead(unknown)
    steps = waiting()
    for step in steps:
        click.echo(f"{'would do' if plan else 'does'} {step}")
    if plan and steps:
        click.echo(f"{len(steps)} to do")
        return
    if not steps:
        if not plan:
            draw_second_line()
            count_anew()
        click.echo("The database is up to date.")
        return
    bring_up_to_date()
    count_anew()
    click.echo("The database is up to date. Next: lysglimt user add, lysglimt serve")
