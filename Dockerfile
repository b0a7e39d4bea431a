# Seatwise's image. Web server, worker, beat and migration are the same image with other commands (compose.yaml).

FROM node:22-slim AS parts
WORKDIR /parts
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.txt requirements.lock ./
# What runs the product, in the exact versions; what tests it stays out.
RUN sed '/^# --- tests and style/,/^# --- pages/d' requirements.txt > /tmp/requirements.txt \
    && python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --requirement /tmp/requirements.txt --constraint requirements.lock
COPY . .
COPY --from=parts /parts/node_modules node_modules
# This key signs nothing, and no password made here stays.
RUN /venv/bin/python -m config.languages compile \
    && SECRET_KEY=build /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf node_modules var/embedded

FROM python:3.12-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH=/venv/bin:$PATH LOG_FORMAT=json
RUN useradd --system --uid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin seatwise
COPY --from=build /venv /venv
COPY --from=build /app /app
# Chinese letters for pages in print; all others come with their setter.
RUN apt-get update && apt-get install --yes --no-install-recommends fonts-noto-cjk && rm -rf /var/lib/apt/lists/*
RUN mkdir -p /app/var/uploads /app/var/exports && chown seatwise /app/var/uploads /app/var/exports
WORKDIR /app
USER seatwise
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "gunicorn", "--config=python:config.gunicorn", "--bind=0.0.0.0:8000", "--name=seatwise-web"]
