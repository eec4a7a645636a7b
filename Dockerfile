# The image of web, worker, beat and migrate. System packages come from the same script as `make run`.
FROM python:3.13-slim-bookworm AS builder
WORKDIR /app
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-deps --require-hashes --requirement requirements/run.txt

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8
COPY scripts/install-system.sh /tmp/install-system.sh
RUN sh /tmp/install-system.sh run \
    && rm -rf /var/lib/apt/lists/* /tmp/install-system.sh \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin redress
WORKDIR /app
COPY --from=builder /venv /venv
COPY . .
# Translations and static files are made here, with development settings: no secret enters an image.
RUN python -m launcher translations \
    && REDRESS_DEBUG=0 python manage.py collectstatic --no-input --verbosity 0 \
    && python -m whitenoise.compress --quiet var/static \
    && mkdir -p var/files \
    && chown -R redress:redress var/files
USER 10001
EXPOSE 8000
# Asking for readiness lets the web tell managers that nobody keeps the clocks; life alone decides.
HEALTHCHECK --interval=15s --timeout=15s --start-period=30s CMD \
    ["python", "-c", "from launcher.run import status_of as s; s(8000, '/healthz/ready'); assert s(8000, '/healthz/live') == 200"]
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--preload", \
     "--no-control-socket"]
