"""Addresses of the consumer's pages of one case that belong to the complaints app."""

from django.urls import path

from complaints.views import data_requests, files, receipt, withdrawal

app_name = "mine"

urlpatterns = [
    path("files/", files.add, name="files"),
    path("files/upload/", files.upload, name="upload"),
    path("files/<int:evidence_id>/", files.download, name="file"),
    path("files/<int:evidence_id>/thumbnail/", files.thumb, name="file_thumb"),
    path("data/", data_requests.own_data, name="data"),
    path("data/<int:request_id>/copy/", data_requests.own_data_copy, name="data_copy"),
    path("withdraw/", withdrawal.withdraw_page, name="withdraw"),
    path("receipt/", receipt.ask, name="receipt"),
    path("receipt/state/", receipt.state, name="receipt_state"),
    path("receipt/download/", receipt.download, name="receipt_file"),
]
