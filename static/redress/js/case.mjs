// A case's page: the newest words are at the bottom, next to where one answers.

const stream = document.querySelector("[data-stream]");
if (stream) stream.scrollTop = stream.scrollHeight;
