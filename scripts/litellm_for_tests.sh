#!/bin/sh
# LiteLLM's proxy for tests/rag/test_litellm.py, in an environment of its own: it wants another openai than Footnote.
# Never fails: without it the other tests still count, and pytest says which ones it skipped.

place=.venv/litellm
echo "Installing LiteLLM's proxy for its tests, in $place; about a minute."
log=$(mktemp)
if { rm -rf "$place" && .venv/bin/python -m venv "$place" &&
    "$place/bin/python" -m pip install --disable-pip-version-check --no-input --no-compile --quiet -r scripts/litellm.txt; } \
    >"$log" 2>&1 </dev/null; then
    touch .venv/.litellm
else
    tail -n 3 "$log"
    rm -rf "$place"
    echo "The tests with LiteLLM will be skipped: it could not be installed."
fi
rm -f "$log"
exit 0
