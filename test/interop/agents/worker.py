"""Takes trips from Kafka, and asks a tool of a server that it starts about each."""

import asyncio
import os

from confluent_kafka import Consumer
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

consumer = Consumer(
    {"bootstrap.servers": os.environ["KAFKA_BROKER"], "group.id": "workers", "auto.offset.reset": "earliest"}
)
consumer.subscribe(["trips"])


async def work() -> None:
    server = StdioServerParameters(command="node", args=["tools.mjs"])
    async with stdio_client(server) as streams, ClientSession(*streams) as session:
        await session.initialize()
        await session.list_tools()
        print("ready", flush=True)
        while True:
            message = consumer.poll(0.1)
            if message is None or message.error():
                continue
            city = message.value().decode()
            answer = await session.call_tool("weather", {"city": city})
            print(answer.content[0].text, flush=True)


asyncio.run(work())
