# Footnote in a container: its model, its weights and the three filings are in the image, so it needs no network to run.
# Not built yet by anybody: scripts/check_dockerfile.py replays every COPY and RUN in a folder instead (docs/hosting.md).
# For a build that can be repeated to the byte, name the base by digest: docker build --build-arg PYTHON=python@sha256:...
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS build
# Where torch comes from: its CPU build. The usual index serves the CUDA build on Linux, gigabytes that nothing here uses.
# Empty means the index that pip is set up with.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
RUN python -m venv /opt/footnote
RUN /opt/footnote/bin/pip install --no-deps ${TORCH_INDEX:+--index-url "$TORCH_INDEX"} torch==2.13.0
COPY deploy/requirements.txt deploy/requirements.txt
RUN /opt/footnote/bin/pip install --no-deps --require-hashes --only-binary :all: -r deploy/requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY index index
COPY rag rag
COPY ui ui
COPY evals evals
RUN /opt/footnote/bin/pip install --no-deps --no-build-isolation '.[edgar,postgres,sign-in]' && /opt/footnote/bin/pip check
COPY seeds /opt/seeds
# The same command again costs nothing; an image whose filings were refused is not made.
RUN FOOTNOTE_DATA_DIR=/data /opt/footnote/bin/footnote ingest /opt/seeds

FROM ${PYTHON}
# 1000 is the user that Hugging Face runs a Space as.
RUN useradd --uid 1000 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin footnote
COPY --from=build /opt/footnote /opt/footnote
COPY --from=build /opt/seeds /opt/seeds
COPY --from=build --chown=1000:1000 /data /data
ENV PATH=/opt/footnote/bin:$PATH \
    HOME=/tmp \
    PYTHONDONTWRITEBYTECODE=1 \
    FOOTNOTE_DATA_DIR=/data \
    FOOTNOTE_LOG_FORMAT=json \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0
USER 1000:1000
WORKDIR /tmp
# All that it writes: /data (the library) and /tmp. The rest of the file system may be read-only.
VOLUME /data
EXPOSE 8501
# It asks whether a question would be answered, and so sets the loading of the model going before anybody comes.
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/readyz', timeout=8)"]
CMD ["footnote", "serve"]
