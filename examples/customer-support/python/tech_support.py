"""The internal service that looks into problems."""

import asyncio
import logging

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()
log = logging.getLogger("tech-support")


class Ticket(BaseModel):
    problem: str


@app.post("/tickets")
async def look(ticket: Ticket):
    await asyncio.sleep(0.09)
    log.warning("looked into: %s", ticket.problem)
    return {"resolution": "the account was locked and is open again"}
