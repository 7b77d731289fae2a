"""Addresses of the demo: its index and its page first, then everything that the workbench serves."""

from django.urls import include, path

from adaptive_xblocks.demo import views

urlpatterns = [
    path("", views.index, name="demo_index"),
    path("learn/<str:scenario_id>/", views.learn, name="demo_learn"),
    path("", include("workbench.urls")),
]
