"""Learners with a record, and how it is looked at."""


def fetch(player, method="get", student=None):
    """The file, as a plain link asks for it."""
    url = f"/handler/{player.usage_id}/record_file/?student={student or player.student_id}"
    return getattr(player.client, method)(url)


def practised(play, n_items=2, **options):
    """A learner who has done some problems; the first one not at once."""
    player = play(**options)
    player.open()
    player.answer({"answer": "100"})
    for _number in range(n_items):
        player.finish_item()
        player.next()
    return player


def seen(player, **body):
    """The panel's html."""
    return player.send("record", **body)["html"]
