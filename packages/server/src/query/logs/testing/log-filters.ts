/** Filters over `randomLogs`: every field, every operator, every kind of literal. */
export const LOG_FILTERS: readonly string[] = String.raw`
{ }
{ true }
{ false }
{ severity >= warn }
{ severity = error }
{ severity != error }
{ severity < info }
{ severity <= debug }
{ log:severity > ERROR }
{ warn <= severity && severity < fatal }
{ severity = nil }
{ severity != nil && !(severity >= info) }
{ severity = log:severity }
{ log:severityNumber >= 13 }
{ log:severityNumber = 25 || log:severityNumber = nil }
{ log:severityNumber % 4 = 1 }
{ log:severityText = "WARNING" }
{ log:severityText =~ "(?i)INFO" }
{ log:severityText = nil }
{ log:body = "retry 3 of 5" }
{ log:body =~ "time.*out" }
{ body =~ ".*time.*out.*" }
{ body !~ ".*e.*" }
{ body != "" }
{ body = nil }
{ body != nil }
{ body = "42" }
{ body =~ "[0-9]+" }
{ body = "true" }
{ body = "[\"a\",1]" }
{ body =~ ".*\"msg\".*" }
{ body =~ ".*ÄÖÜ.*" }
{ body =~ ".*end" }
{ body < "c" }
{ log:eventName = "exception" }
{ log:eventName = nil && severity >= error }
{ log:traceId = "0af7651916cd43dd8448eb211c80319c" }
{ log:traceId = "000000000000000000000000000000aa" }
{ log:traceId = nil }
{ log:traceId != "0af7651916cd43dd8448eb211c80319c" }
{ log:traceId =~ "0af7.*" }
{ log:spanId = "0000000000000010" }
{ log:spanId = nil && log:traceId != nil }
{ log:flags = 1 }
{ instrumentation:name = "http" }
{ instrumentation:name != "http" && instrumentation:version = "2.1" }
{ instrumentation:name = "" }
{ instrumentation.rev = 7 }
{ instrumentation.rev =~ "7" }
{ instrumentation.rev = nil }
{ agent:session = "s-1" }
{ agent:session != nil && agent:task = nil }
{ agent:test_case =~ "late-.*" || agent:user = "u-1" }
{ agent:conversation = nil }
{ .retry.count > 3 }
{ log.retry.count = 4 }
{ log.retry.count = "4" }
{ log.retry.count != 4 }
{ log.retry.count = true }
{ .retry.count >= 2.5 && .retry.count < 4 }
{ .retry.count = nil }
{ .retry.count + 1 > 4 }
{ -log.n = 3 }
{ log.n = maxInt }
{ log.n + 1 < 0 }
{ log.n / 2 = 1 }
{ log.n ^ 2 = 4 }
{ log.n * 2 = log.retry.count }
{ log.n = resource.n }
{ .n > 2 }
{ .n = 9 }
{ .n != nil && log.n = nil }
{ log.flag }
{ !log.flag }
{ !(log.flag) || log.flag }
{ (log.flag = true) = false }
{ .region = "eu" }
{ log.region = "eu" }
{ resource.region = "eu" }
{ resource.region != "eu" }
{ .region =~ "eu|asia" }
{ log.region = "" }
{ .region < resource.zone }
{ log.region = resource.region }
{ resource.region = nil }
{ resource.service.name = "shop" }
{ .service.name =~ "agent-.*" }
{ resource.service.name = nil }
{ resource.service.name != "shop" && severity >= warn && .retry.count > 3 }
{ resource.tier = 1 }
{ resource.tier = "1" }
{ resource.tier > 1 }
{ resource.tier != 1 }
{ resource.tier = true }
{ .tier = 2 }
{ resource.tier != nil }
{ resource.zone = "z1" || !(resource.region = "eu") }
{ log.tags = "x" }
{ log.tags != "x" }
{ log.tags =~ "x+" }
{ log.tags = "q\"\\" }
{ log.tags = 1 }
{ log.tags = nil && log.n != nil }
{ log.tags = resource.tier }
{ log.retry.count = log.tags }
{ log.note = "short" }
{ log.note !~ ".*end" }
{ log.note =~ ".*other" }
{ log.gen_ai.input.messages = "[]" }
{ log.gen_ai.input.messages != nil }
{ log."a b" = "é😀" }
{ log."a b" = "quo'te\"\\" }
{ log.ratio = 0 }
{ log.ratio > 1 }
{ log.ratio != 2 }
{ log.ratio < 0.5 || log.ratio >= 1e300 }
{ log.missing = 1 || .missing != nil }
{ log.missing = nil && log.index < 50 }
{ log.index = 7 }
{ log.index >= 100 && log.index < 110 }
{ log.index % 100 = 3 }
{ 1 + 1 = 2 }
{ log.flag || .n > 1 && severity >= warn }
`
  .trim()
  .split("\n");
