from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

trace.set_tracer_provider(TracerProvider())
tracer = trace.get_tracer(__name__)

otlp_exporter = OTLPSpanExporter(endpoint="localhost:4317")
span_processor = BatchSpanProcessor(otlp_exporter)
trace.get_tracer_provider().add_span_processor(span_processor)

def recommend_products(user_id):
    with tracer.start_as_current_span("recommend_products") as span:
        span.set_attribute("user.id", user_id)
        products = fetch_user_data(user_id)
        recommendations = generate_recommendations(products)
        span.set_attribute("recommendations.count", len(recommendations))
        return recommendations

def fetch_user_data(user_id):
    with tracer.start_as_current_span("fetch_user_data") as span:
        # Simulate data fetching
        return ["product1", "product2"]

def generate_recommendations(products):
    with tracer.start_as_current_span("generate_recommendations") as span:
        # Simulate recommendation logic
        return ["recommended_product1", "recommended_product2"]
