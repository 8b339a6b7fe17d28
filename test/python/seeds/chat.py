from fastapi import FastAPI
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.requests import RequestsInstrumentor
app = FastAPI()
# These two lines fix propagation for the entire app
FastAPIInstrumentor.instrument_app(app) # Extracts context from incoming headers
RequestsInstrumentor().instrument() # Injects context into outgoing requests
from fastapi import Request
from opentelemetry import propagate
import requests
@app.get("/chat")
async def chat_agent(request: Request):
    # 1. Extract context from incoming FastAPI headers
    ctx = propagate.extract(request.headers)
    # 2. Inject context into a headers dictionary for outgoing 'requests'
    headers = {}
    propagate.inject(headers, context=ctx)
    # 3. Use the headers in your call
    response = requests.get("https://other-service.com", headers=headers)
    return response.json()
