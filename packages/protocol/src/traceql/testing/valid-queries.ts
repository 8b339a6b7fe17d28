/** Queries that have to be understood, one a line, by what they ask for. */
export const VALID_QUERIES: readonly string[] = `
{ }
{}
{ true }
{ !false }
{ true && false || true }
{ 1 != 1.5 }
{ 2h > 30 }
{ -3 < 4 }
{ "one" = "two" }
{ "one" < "two" }
{ "one" =~ "t.+" }
{ "one" !~ "t.+" }
{ nil = nil }
{ nil != nil }
{ .cached }
{ !.cached }
{ -.delta = 4 }
{ .cached || span.cold && true }
{ .retries = 3 }
{ .retries != 3 }
{ .retries >= 3 && .retries <= 30 }
{ .ratio > .5 }
{ .ratio < 1.5e3 }
{ span.retry_count > -1 }
{ span.total != minInt && span.total != maxInt }
{ .region = "eu" || .region = "us" }
{ .region != "eu" && .region != "us" }
{ .region =~ "eu-.*|us-.*" }
{ .region !~ "eu-.*" }
{ span.http.status_code >= 200 && span.http.status_code < 300 }
{ span.http.status_code >= "400" }
{ span.http.request_content_length > 10 * 1024 * 1024 }
{ resource.service.name = "checkout" }
{ resource.service.version = nil }
{ span.optional != nil }
{ nil = span.optional }
{ nil != span.optional }
{ name != nil }
{ event.exception.message =~ ".*timed out.*" }
{ event.exception.message = nil }
{ link.opentracing.ref_type = "child_of" }
{ instrumentation.language = "python" }
{ parent.tool = "search" }
{ parent.span.tool = "search" }
{ parent.resource.region = "eu" && true }
{ parent.duration > 1h }
{ parent = nil }
{ parent != nil }
{ span."key with space" = "v" }
{ span.plain."quoted = part".plain = "v" }
{ ."a \\" quote" = "v" }
{ resource."back\\\\slash" = "v" }
{ .weird+name-1/2 = 1 }
{ .名前 = "値" }
{ name = "GET /cart/{id}" }
{ name = \`no \\d escapes\` }
{ name = "tab\\t, quote \\", unicode \\u00e9\\U0001f600, bytes \\xc3\\xa9 \\303\\251" }
{ statusMessage = "" }
{ status = error }
{ status != ok }
{ status = unset }
{ kind = server }
{ kind = client || kind = producer || kind = consumer || kind = internal || kind = unspecified }
{ duration > 100ms }
{ duration > 1h30m }
{ duration < 1.5s }
{ duration >= 250us && duration <= 1ns * 4 }
{ duration > 1d && duration < 1w }
{ duration < 1y }
{ duration > .5s }
{ event:timeSinceStart > -5s }
{ traceDuration > 2m }
{ rootName = "chat" && rootServiceName = "gateway" }
{ nestedSetParent < 0 }
{ nestedSetLeft > 3 && nestedSetRight < 30 }
{ childCount > 2 }
{ span:name = "chat" }
{ span:status = error && span:statusMessage =~ ".*quota.*" }
{ span:duration > 2s }
{ span:kind = client }
{ span:id = "00f067aa0ba902b7" }
{ span:parentID = "00f067aa0ba902b7" }
{ span:parentID = "" }
{ span:childCount = 0 }
{ trace:duration > 5s }
{ trace:rootName !~ ".*health.*" }
{ trace:rootService = "gateway" }
{ trace:id = "4bf92f3577b34da6a3ce929d0e0e4736" }
{ trace:id = "4bf92f" }
{ event:name = "exception" }
{ event:name = nil }
{ event:timeSinceStart > 2ms }
{ link:traceID = "4bf92f3577b34da6a3ce929d0e0e4736" }
{ link:spanID = "00f067aa0ba902b7" }
{ instrumentation:name = "openai" }
{ instrumentation:version =~ "1\\\\..*" }
{ agent:name = "planner" }
{ agent:type = "tool" && agent:tool = "search" }
{ agent:model =~ "claude-.*" && agent:provider != "openai" }
{ agent:tokens > 10000 || agent:cost > 0.5 }
{ agent:input_tokens > 10 * agent:output_tokens }
{ agent:cache_read_tokens = nil && agent:cache_write_tokens != nil && agent:reasoning_tokens > 1 }
{ agent:time_to_first_token > 2s }
{ agent:session = "s1" && agent:conversation = "c1" && agent:task = "t1" && agent:user = "u1" }
{ agent:test_case = "tc" && agent:test_run = "tr" }
{ agent:error_type != nil || agent:running }
{ agent:id = nil }
{ 1 + 1 = 2 }
{ 7 / 2 * 2 - 1 % 3 = 2 ^ 3 ^ 1 }
{ .a + .b > .c * 2 }
{ (.a - 1) / 2 = 3 }
{ -.a * -2 = -(.b) }
{ -.a ^ 2 < 0 }
{ !("x" != .c || ((true && .b) || 3 < .a)) }
{ !(.a = nil) }
{ 1 < 2 = true }
{ duration > 1s * 2 }
{ true } // a comment
{ /* in between */ true }
{ resource.service.name = "a" } && { resource.service.name = "b" }
{ .a } || { .b }
{ .a } > { .b }
{ .a } >> { .b }
{ .a } < { .b }
{ .a } << { .b }
{ .a } ~ { .b }
{ .a } !> { .b }
{ .a } !>> { .b }
{ .a } !< { .b }
{ .a } !<< { .b }
{ .a } !~ { .b }
{ .a } &> { .b }
{ .a } &>> { .b }
{ .a } &< { .b }
{ .a } &<< { .b }
{ .a } &~ { .b }
{ .a }>{ .b }&&{ .c }
({ .a } || { .b }) >> { .c } && ({ .d } ~ ({ .e }))
({ .a } | count() > 1) && ({ .b } | max(duration) > 1s)
({ .a } | count() > 1 | { .b }) >> ({ .c })
({ .a } | count() > 1) !~ { .b }
({ .a } | by(.b) | coalesce()) > { .c }
({ .a } | by(.b) | count() > 2) || { .c }
({ .a } | count() > 1) | { .b }
(count() > 1)
count() > 10
count() != 3 | { .a }
avg(duration) > 20ms
min(.a) <= 1
max(span.bytes + 1) = 2
sum((1 + .a) * 2) < 1.5
max(agent:cost) > 0.1
avg(.a) > 1 - 3
min(span:childCount) < 7 / 2
max(duration) > 3s | { status = error || .http.status = 500 }
max(duration) - min(duration) > 1s
count() * 2 > 5 + count()
2 < count()
(count() + 1) * 2 > max(.a) ^ 2 % 7
min(.a) < max(duration)
avg(3 * duration ^ 2) > max(1 - (2 + .a))
{ .a } | count() > 3
{ .a } | { .b } | { .c }
{ status = error } | by(resource.service.name) | count() > 1
{ .a } | by(1 + .b) | avg(duration) > 2s | coalesce()
{ .a } | by(name) | by(kind) | count() > 2
by(.a) | { .b }
{ } | sum(span.bytes) > 1000000000
{ .a } | select(.b)
{ .a } | select(name, span.b, resource.c, event:name, agent:tokens, nestedSetLeft, parent.x)
select(.a) | { .b }
({ .a } | count()) > ({ .b } | count())
({ .a } | count()) + ({ .b } | avg(duration)) = 2
({ .a } | count()) / ({ .b } | count()) > ({ .c } | count())
({ .a } | by(.b) | coalesce() | count()) >= 2
({ .a } | count()) > 2 | { .b }
{ } | rate()
{ .a } | rate() by(resource.service.name, name)
{ .a } >> { .b } | rate()
{ .a } | count() > 2 | rate() by (agent:name)
({ .a } | count() > 2) | rate()
{ } | count_over_time() by(span:status)
{ } | min_over_time(duration)
{ } | max_over_time(span:duration) by (span.http.target)
{ } | avg_over_time(span.size)
{ } | sum_over_time(agent:tokens) by (agent:model)
{ } | sum_over_time(agent:cost) by (agent:name, agent:model)
{ } | avg_over_time(agent:time_to_first_token)
{ } | quantile_over_time(duration, .99, 0.9, .5)
{ } | quantile_over_time(agent:input_tokens, 0, 1) by(agent:name)
{ } | histogram_over_time(duration) by (name)
{ .a } | compare({ status = error })
{ .a } | compare({ duration > 1s }, 5)
{ .a } | compare({ status = error }, 10, 1700000000000000000, 1700000060000000000)
({ .a } | compare({ status = error }))
{ } | rate() by(name) | topk(10)
{ } | rate() by(name) | bottomk (3)
{ } | rate() by(name) | topk(10) | bottomk(2)
{ } | rate() > 10
{ } | rate() by (name) >= 5.5
{ } | rate() <= -3
{ } | avg_over_time(duration) > 1s
{ } | rate() != 0 | topk(5) < 10
{ } | rate() | topk(5) > 20 | bottomk(10) = 10
{ } | rate() > 2 * (3 + 1) - 1
({ } | rate()) > 10s
({ status = error } | rate()) / ({ } | rate())
({ status = error } | rate() by(name)) / ({ } | rate() by(name)) * 100
(({ } | rate()) * ({ } | count_over_time())) + ({ } | rate()) - ({ .a } | rate())
100 * ({ status = error } | rate()) / ({ } | rate()) > 5
({ } | rate()) * (-100)
({ } | rate()) / -1.5
1 / ({ } | rate())
-2 - 20 / ({ } | rate())
3 / 2 + ({ } | rate())
(1 + 2) * ({ } | rate())
({ } | avg_over_time(span.size)) / (1024 * 1024)
({ } | rate()) + ({ } | rate()) | topk(5) > 10
({ } | rate() > 6) * 100 > 5
({ } | rate() | topk(3)) + 1
({ } | rate()) with(exemplars=true)
{ } with (most_recent=true)
{ .a } >> { .b } with (most_recent = true)
{ } | rate() with(sample=true)
{ } | rate() by (name) > 10 with(sample=0.1, exemplars=100)
{ } | count_over_time() with(span_sample=0.1) with(trace_sample=0.05, step=30s, note="x", state=ok)
`
  .split("\n")
  .filter((line) => line !== "");

/** Queries over several lines, and others that a line cannot hold. */
export const VALID_LONG_QUERIES: readonly string[] = [
  '{\n  resource.service.name = "shop" && // the service\n  name = "POST /orders" &&\n  status = error\n}',
  '{ span."tab\there" = "line\\nbreak" }',
  "{ name = `two\nlines` }",
  `{ ${Array.from({ length: 1_500 }, (_, index) => `.a = ${index}`).join(" || ")} }`.replace(
    / \|\| \.a = \d{4}/g,
    "",
  ),
  `${"(".repeat(90)}{ .a }${")".repeat(90)}`,
];
