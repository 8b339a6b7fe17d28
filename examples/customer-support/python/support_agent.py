"""Agent 2: answers technical questions with the help of tech support."""

import os

import httpx
from anthropic import AsyncAnthropic
from fastapi import FastAPI
from pydantic import BaseModel

INSTRUCTIONS = "You are the support agent of a shop. Let tech support look into every problem."
TOOL = {
    "name": "ask_tech_support",
    "description": "Has tech support look into a problem",
    "input_schema": {"type": "object", "properties": {"problem": {"type": "string"}}, "required": ["problem"]},
}

app = FastAPI()
client = AsyncAnthropic()


class Question(BaseModel):
    question: str


@app.post("/support/questions")
async def answer(asked: Question):
    messages = [{"role": "user", "content": asked.question}]
    while True:
        async with client.messages.stream(
            model="claude-sonnet-5", max_tokens=500, system=INSTRUCTIONS, messages=messages, tools=[TOOL]
        ) as stream:
            message = await stream.get_final_message()
        calls = [block for block in message.content if block.type == "tool_use"]
        if not calls:
            return {"answer": "".join(block.text for block in message.content)}
        results = []
        for call in calls:
            async with httpx.AsyncClient() as http:
                response = await http.post(f"{os.environ['TECH_SUPPORT_URL']}/tickets", json=call.input)
            response.raise_for_status()
            resolution = response.json()["resolution"]
            results.append({"type": "tool_result", "tool_use_id": call.id, "content": resolution})
        messages += [{"role": "assistant", "content": message.content}, {"role": "user", "content": results}]
