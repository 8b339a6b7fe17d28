/** Searches over `oddTraces`: every operator, every field, every kind of literal. */
export const SEARCH_QUERIES: readonly string[] = String.raw`
{ }
{ false }
{ 1 + 1 = 2 && nil = nil }
{ span.a = 1 }
{ span.a >= 2 }
{ span.a = nil }
{ span.a != nil }
{ span.b = 1 }
{ span.b = 2.5 }
{ span.b = "2" }
{ span.b != "2" }
{ span.b = true }
{ span.b =~ "[0-9]" }
{ span.b !~ "[0-9]" }
{ span.flag }
{ !(span.flag) || span.flag }
{ span.flag != nil && !(span.flag = true) }
{ span.missing = 1 || .missing != nil }
{ span.http.status_code >= 400 && span.http.status_code < 500 }
{ span.http.status_code = 404 || span.http.status_code = 500.0 }
{ span.size = 0 }
{ -span.size = 4 }
{ span.size % 3 = 1 }
{ span.a % 0.1 > 0.05 }
{ span.a / (span.a - 1) > 0 }
{ span.a ^ 2 = 4 }
{ span.region < "eu" }
{ span.region !~ "e.|u." }
{ span.region =~ "(?i)EU" }
{ span.tags = "x" }
{ span.tags != "x" }
{ span.tags =~ "x|y" }
{ span.tags = nil && span.a = 1 }
{ span.list = "b" }
{ span.list > 1.2 }
{ span.list = "q\"\\" }
{ span.list =~ "x+" }
{ span."a b" = "é😀" }
{ span."a b" =~ "line.break" }
{ span."quo'te\"\\" = "v" }
{ span.note = "short" }
{ span.note !~ ".*end" }
{ span.input.value =~ ".*pears.*" }
{ span.input.value = 5 }
{ span.input.value != nil && span.a != nil }
{ span.input.value = nil && span.a = 2 }
{ span.edge = maxInt }
{ span.edge = minInt }
{ span.edge = 9007199254740993 }
{ span.edge + 1 < 0 }
{ span.edge * 2 = 0 }
{ span.edge / -1 = minInt }
{ span.ratio = 0 }
{ span.ratio != 1 }
{ span.ratio = 9007199254740992 }
{ span.ratio < 0.5 || span.ratio >= 1e300 }
{ span.a = span.b }
{ span.a != span.tags }
{ span.region = resource.region }
{ .region = "us" }
{ .region =~ "us|asia" }
{ !.flag }
{ .a = 1 && .region = "eu" }
{ resource.region != "eu" }
{ resource.region = nil }
{ resource.service.name = "shop" }
{ resource.service.name =~ "agent-.*" }
{ .service.name = "agent-a" }
{ resource.tier = 1 }
{ resource.tier = "1" }
{ resource.tier > 1 }
{ resource.tier != 1 }
{ resource.tier != nil }
{ .tier = 2 }
{ !resource.flag }
{ (resource.zone = "z1") = false }
{ resource.zone > "z1" && resource.region = "us" }
{ resource.zone = "z1" || !(resource.region = "us") }
{ instrumentation:name = "" }
{ instrumentation:name != "http" && instrumentation:version = "2.1" }
{ instrumentation.lang = nil }
{ instrumentation.rev = 7 }
{ instrumentation.rev =~ "7" }
{ event:name != "exception" }
{ event:name = nil }
{ event:name =~ "ex.*|re.*" }
{ event:timeSinceStart > 2ms }
{ event:timeSinceStart < 1ms || event:timeSinceStart = 0s }
{ event.message != "quota" }
{ event.message = nil && event:name != nil }
{ event.n = 2 }
{ event.n != 1 }
{ event.n + 1 = 3 }
{ event.n = 1 && event:name = "token" }
{ link:traceID =~ "a+01" }
{ link:spanID = "00000000000000aa" }
{ link.kind != "follows" }
{ link:spanID = nil && link.kind = nil && span.a = 1 }
{ name != "chat" }
{ name =~ "GET .*" }
{ status = error }
{ statusMessage != "" }
{ statusMessage =~ "time.*" }
{ kind != server && kind != client }
{ duration > 1s }
{ duration >= 1.2ms && duration <= 6ms }
{ duration < 2us }
{ duration > span.a * 1ms }
{ duration + 1ms > 3ms }
{ span:id = "00000000000003e8" }
{ span:parentID != "" && span:parentID != "00000000000000ff" }
{ trace:id = "aaaaaaaaaaaaaaa9e3779b97f4a7c15" || trace:id =~ "0.*" }
{ parent = nil }
{ span:childCount = 0 && duration > 1s }
{ traceDuration > 2s }
{ traceDuration < 10ms && status = error }
{ trace:duration = duration }
{ rootName != "chat" && status = error }
{ rootName =~ "" || rootName =~ "p.*" }
{ rootServiceName = "shop" && kind = client }
{ rootServiceName !~ "agent.*" }
{ rootServiceName = resource.service.name }
{ nestedSetParent < 0 }
{ nestedSetParent >= 0 && status = error }
{ nestedSetLeft > 3 && nestedSetRight < 30 }
{ parent.a = 1 }
{ parent.a != nil && span.a = parent.a }
{ parent.region = "eu" }
{ parent.span.b = "2" || parent.span.b = true }
{ !parent.flag }
{ duration > parent.duration }
{ parent.status = error }
{ parent.name =~ "GET.*" }
{ !(parent.a = 1) && parent != nil }
{ (parent.a = nil) = true }
{ parent.note =~ ".*end" }
{ agent:name != "planner" }
{ agent:name = nil }
{ agent:type = "llm" && agent:model = "m-large" }
{ agent:tool = "search" || agent:provider != nil }
{ agent:tokens > 200 }
{ agent:tokens = nil }
{ agent:input_tokens > 10 * agent:output_tokens }
{ agent:cost > 0.1 }
{ agent:cost = nil && agent:model != nil }
{ agent:cache_read_tokens = nil && agent:reasoning_tokens = nil && agent:id = nil && span.a = 1 }
{ agent:session != "s1" }
{ !agent:running && span.a = 1 }
{ agent:running = true || agent:error_type != nil }
{ agent:conversation = nil && agent:task = nil && agent:user = nil && agent:test_case = nil && agent:test_run = nil && span.a = 2 }
{ (span.a = 1) = (span.b = 1) }
{ span.a = 1 && span.b = 1 || span.region = "eu" && span.flag }
{ !(span.a = 1 || span.a = 2) && !(span.b != nil) }
{ status = error } && { kind = server }
{ status = error } && { span.missing = 1 }
{ status = error } >> { kind = server }
{ status = error } << { kind = server }
{ status = error } ~ { kind = server }
{ status = error } !> { kind = server }
{ status = error } !>> { kind = server }
{ status = error } !< { kind = server }
{ status = error } !<< { kind = server }
{ status = error } !~ { kind = server }
{ status = error } &> { kind = server }
{ status = error } &>> { kind = server }
{ status = error } &< { kind = server }
{ status = error } &<< { kind = server }
{ status = error } &~ { kind = server }
{ span.missing = 1 } !>> { kind = server }
{ span.missing = 1 } >> { kind = server }
{ } > { } > { }
{ name = "chat" } >> ({ kind = client } || { .a = 1 })
({ name = "chat" } > { }) && ({ } | count() > 6)
{ rootName = "plan" } >> { parent.a = 1 }
({ span.a = 1 } ~ { span.a = 2 }) << { .flag }
{ status = error } | { kind = server }
{ } | count() > 10
{ span.a != nil } | avg(.a) > 2
{ } | min(duration) >= 1ms
{ status = error } | min(duration) < 1ms
{ span.a != nil } | max(span.a) >= 3 | count() >= 2
2 < count()
{ } | sum(agent:tokens) > 500
max(duration) - min(duration) > 6s
sum(span.b) * 2 >= count()
avg(event.n) > 1
max(span:childCount) > 3
sum(span.a) / (count() - 3) > 1
by(.region) | count() > 2
by(resource.service.name) | count() > 3 | coalesce()
{ status = error } | by(kind) | count() > 1
by(span.b) | by(status) | count() > 2
by(span.a > 1)
by(parent.a)
by(event:name) | count() > 1
by(duration) | max(duration) > 1s
by(instrumentation:name) | count() = 2
by(instrumentation.rev) | { span.a = 2 }
({ span.a = 1 } | count()) = 0
({ status = error } | count() > 3) >> { kind = client }
({ span.a = 1 } | by(kind) | coalesce() | count()) >= 2
({ span.a = 1 } | max(duration)) > ({ span.a = 2 } | max(duration))
({ span.a = 1 } | count()) + ({ span.a = 2 } | count()) > 4 | { .flag }
{ .a = 1 } | ({ .flag } || { status = error }) | select(.region, name)
{ } | ({ .a = 1 } | count() > 1) | by(.region)
`
  .split("\n")
  .filter((line) => line !== "");
