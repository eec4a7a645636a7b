"""Addresses of the complaint form."""

from django.urls import path

from complaints.views import intake, intake_files, intake_send

app_name = "intake"

urlpatterns = [
    path("", intake.begin, name="begin"),
    path("check/", intake_send.check, name="check"),
    path("done/<str:reference>/", intake_send.done, name="done"),
    path("saved/", intake_send.saved, name="saved"),
    path("discard/", intake.discard, name="discard"),
    path("resume/<str:secret>/", intake_send.resume, name="resume"),
    path("files/", intake_files.upload, name="upload"),
    path("files/<int:evidence_id>/thumbnail/", intake_files.thumb, name="file_thumb"),
    path("files/<int:evidence_id>/delete/", intake_files.delete, name="file_delete"),
    path("<slug:step>/", intake.step, name="step"),
    path("<slug:step>/autosave/", intake.autosave, name="autosave"),
]
