"""Takes plans by HTTP, and hands them on by RabbitMQ."""

import os

import pika
from fastapi import FastAPI
from pydantic import BaseModel


class Plan(BaseModel):
    city: str


app = FastAPI()


@app.get("/ready")
def ready() -> str:
    return "ready"


@app.post("/plans")
def plan(plan: Plan) -> str:
    with pika.BlockingConnection(pika.URLParameters(os.environ["RABBITMQ_URL"])) as connection:
        connection.channel().basic_publish("", "plans", plan.city.encode())
    return "planned " + plan.city
