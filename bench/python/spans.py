"""Makes spans like an agent's and prints the processor time of one in microseconds. Run by scenarios/python.ts."""

import sys
import time

from opentelemetry import trace
from opentelemetry.trace import SpanKind

ROUNDS = int(sys.argv[1])
SPANS_A_ROUND = 250
PAUSE_S = 0.005
#: Longer than exporters wait for more.
DRAIN_S = 5.5

tracer = trace.get_tracer("bench", "1.0.0")


def model_call():
    span = tracer.start_span(
        "chat gpt-5",
        kind=SpanKind.CLIENT,
        attributes={
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-5",
            "server.address": "api.openai.com",
            "server.port": 443,
        },
    )
    span.set_attribute("gen_ai.response.id", "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT")
    span.set_attribute("gen_ai.response.model", "gpt-5-2025-08-07")
    span.set_attribute("gen_ai.response.finish_reasons", ["stop"])
    span.set_attribute("gen_ai.usage.input_tokens", 1200)
    span.set_attribute("gen_ai.usage.output_tokens", 321)
    span.set_attribute("gen_ai.usage.cache_read.input_tokens", 1024)
    span.end()


def work(rounds):
    for _ in range(rounds):
        for _ in range(SPANS_A_ROUND):
            model_call()
        time.sleep(PAUSE_S)


work(20)
time.sleep(DRAIN_S)
before = time.process_time()
work(ROUNDS)
time.sleep(DRAIN_S)
print((time.process_time() - before) * 1e6 / (ROUNDS * SPANS_A_ROUND))
