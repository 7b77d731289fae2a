"""The Django app that owns the stand-in's tables."""

from django.apps import AppConfig


class StandIn(AppConfig):
    """Tables named as on the LMS."""

    name = "tests.platform"
    label = "stand_in"
    default_auto_field = "django.db.models.BigAutoField"
