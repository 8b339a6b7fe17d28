from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import (
    ConsoleSpanExporter,
    SimpleSpanProcessor,
)
from opentelemetry.propagate import set_global_textmap, extract, inject
from opentelemetry.instrumentation.requests import RequestsInstrumentor
import requests
import json
# 1. Configure OpenTelemetry Tracer
resource = Resource.create({"service.name": "agent-a-data-fetcher"})
provider = TracerProvider(resource=resource)
provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter())) # Just for console output
trace.set_tracer_provider(provider)
tracer = trace.get_tracer(__name__)
RequestsInstrumentor().instrument() # Auto-instrument HTTP requests
def fetch_and_send_data(data_id: str):
    with tracer.start_as_current_span("fetch_data_from_api") as span:
        span.set_attribute("data.id", data_id)
        print(f"Agent A: Fetching data for ID {data_id}")
        # Simulate an API call
        response = requests.get(f"https://api.example.com/data/{data_id}")
        data = response.json()
        span.set_attribute("http.status_code", response.status_code)
        span.set_attribute("data.size", len(json.dumps(data)))
        # 2. Prepare context for propagation
        carrier = {}
        inject(carrier) # Injects trace context into our carrier dict
        # Simulate sending to a queue (passing carrier in headers/metadata)
        message_payload = {
            "data": data,
            "trace_context": carrier # This is how we pass the context!
        }
        print(f"Agent A: Data fetched. Sending to Agent B with context: {carrier}")
        # In a real scenario, this would be queue.publish(json.dumps(message_payload))
        return message_payload
if __name__ == "__main__":
    # Simulate a call
    message = fetch_and_send_data("12345")
    # In a real system, 'message' would now be consumed by Agent B
