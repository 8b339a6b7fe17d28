from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import (
    ConsoleSpanExporter,
    SimpleSpanProcessor,
)
from opentelemetry.propagate import set_global_textmap, extract, inject
import json
# 1. Configure OpenTelemetry Tracer (same as Agent A, but with its own service name)
resource = Resource.create({"service.name": "agent-b-data-processor"})
provider = TracerProvider(resource=resource)
provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter()))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer(__name__)
def process_received_data(message_payload: dict):
    # 2. Extract context from the incoming message
    carrier = message_payload.get("trace_context", {})
    ctx = extract(carrier) # Extracts the trace context from the carrier
    # Start a new span, making sure it's linked to the parent trace
    with tracer.start_as_current_span("process_data", context=ctx) as span:
        data = message_payload["data"]
        span.set_attribute("data.processed_size", len(json.dumps(data)))
        print(f"Agent B: Processing data received: {data.get('id', 'N/A')}")
        # Simulate some processing logic
        processed_data = {
            "processed_id": data.get("id"),
            "status": "completed",
            "timestamp": "2026-04-10T10:30:00Z" # Faking it for example
        }
        span.set_attribute("processing.status", "success")
        # Simulate sending to another agent or storing results
        print(f"Agent B: Data processed for ID {processed_data['processed_id']}.")
        return processed_data
if __name__ == "__main__":
    # Simulate receiving the message from Agent A
    mock_message_from_agent_a = {
        "data": {"id": "12345", "value": "some_value"},
        "trace_context": {
            "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" # Faked for example
        }
    }
    process_received_data(mock_message_from_agent_a)
