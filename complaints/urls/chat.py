"""Addresses of the online chat, the visitor's side. A chat's address is the key to it."""

from django.urls import path

from complaints.views import chat, chat_join

app_name = "chat"

urlpatterns = [
    path("", chat.begin, name="begin"),
    path("<str:secret>/", chat.talk, name="talk"),
    path("<str:secret>/say/", chat.send, name="say"),
    path("<str:secret>/files/<int:chat_file_id>/", chat.file, name="file"),
    path("<str:secret>/news/", chat.news, name="news"),
    path("<str:secret>/complain/", chat.complain, name="complain"),
    path("<str:secret>/contact/", chat.contact, name="contact"),
    path("<str:secret>/join/", chat_join.join, name="join"),
    path("<str:secret>/join/code/", chat_join.join_code, name="join_code"),
    path("<str:secret>/open/", chat.open_case, name="open"),
    path("<str:secret>/finish/", chat.finish, name="finish"),
]
