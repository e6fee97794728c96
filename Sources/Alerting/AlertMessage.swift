import Detection

/// What is told of an alert, the same on every channel: webhook and Kafka.
public enum AlertMessage {
    /// The message's identity: the alert's id with `.firing` or `.resolved`. The same in every retry and after a crash.
    public static func id(for alert: Alert) -> String { "\(alert.id).\(alert.status.rawValue)" }

    /// The event type of EVENTS.md: `tidewatch.drift.detected`, `….resolved`, `tidewatch.performance.degraded`,
    /// `….recovered`, `tidewatch.data_quality.violated`, `….resolved`.
    public static func type(for alert: Alert) -> String {
        switch (alert.verdict.subject, alert.status) {
        case (.drift, .firing), (.multivariate, .firing): "tidewatch.drift.detected"
        case (.drift, .resolved), (.multivariate, .resolved): "tidewatch.drift.resolved"
        case (.performance, .firing), (.estimate, .firing): "tidewatch.performance.degraded"
        case (.performance, .resolved), (.estimate, .resolved): "tidewatch.performance.recovered"
        case (.quality, .firing): "tidewatch.data_quality.violated"
        case (.quality, .resolved): "tidewatch.data_quality.resolved"
        }
    }

    /// When it happened, microseconds since 1970 UTC: the end of the window that says so, or the supersession.
    public static func timeMicroseconds(for alert: Alert) -> Int64 {
        alert.resolvedMicroseconds ?? alert.verdict.windowEnd
    }

    /// The JSON body `{"type", "timestamp", "data": {…}}`; under 20 kB whatever the names in it.
    ///
    /// A pure function of the alert, so that a repeat after a crash is the same to the byte. Names are cut at 256 code
    /// points. Numbers that are not finite or not known are `null`.
    public static func body(for alert: Alert) -> [UInt8] {
        let whole = body(for: alert, attribution: alert.status == .firing ? alert.verdict.attribution : nil)
        // Ten names of columns and segments may be long; receivers take 20 kB, and what carries it is said in the log.
        return whole.count <= 20_000 ? whole : body(for: alert, attribution: nil)
    }

    private static func body(for alert: Alert, attribution: VerdictAttribution?) -> [UInt8] {
        let verdict = alert.verdict
        var window = JSONText()
        window.add("start", RFC3339.text(verdict.windowStart))
        window.add("end", RFC3339.text(verdict.windowEnd))
        var data = JSONText()
        data.add("alert_id", alert.id)
        data.add("model", brief(alert.model))
        data.add("version", brief(alert.version))
        data.add("detector", brief(alert.detector))
        if let segment = verdict.segment { data.add("segment", brief(segment)) }
        data.add("severity", alert.severity.rawValue)
        data.add("status", alert.status.rawValue)
        data.add("value", verdict.value)
        data.add("threshold", alert.status == .firing ? verdict.raiseLevel : verdict.clearLevel)
        data.add("p_value", verdict.pValue)
        data.add("onset", RFC3339.text(alert.onsetMicroseconds))
        data.add("window", object: window)
        data.add("count", verdict.count)
        if case .estimate = verdict.subject { data.add("estimated", true) }
        if let maturity = verdict.labelMaturity { data.add("label_maturity", maturity) }
        data.add("reason", alert.resolveReason?.rawValue ?? verdict.reason.rawValue)
        if let evidence = verdict.evidence { data.add("evidence", object: Self.evidence(evidence)) }
        if let attribution { data.add("attribution", object: Self.attribution(attribution)) }
        data.add("summary", summary(for: alert, attribution: attribution))
        var body = JSONText()
        body.add("type", type(for: alert))
        body.add("timestamp", RFC3339.text(timeMicroseconds(for: alert)))
        body.add("data", object: data)
        return body.bytes
    }

    /// What a calibrated verdict rests on; logarithms are natural.
    private static func evidence(_ evidence: VerdictEvidence) -> JSONText {
        var text = JSONText()
        text.add("calibration", evidence.calibration.rawValue)
        text.add("log_e_value", evidence.logEValue)
        text.add("log_evidence", evidence.logEvidence)
        text.add("log_bound", evidence.logBound)
        if let change = evidence.changeText { text.add("change", brief(change)) }
        return text
    }

    /// One sentence for a person: `electricity v3: psi of vicprice 2.31 is above 0.25 (window …, 672 events)`.
    /// While it fires, then what carries it: `…; the window's drift weighed by importance: vicprice (74 %, importance 0.31)`.
    public static func summary(for alert: Alert) -> String {
        summary(for: alert, attribution: alert.verdict.attribution)
    }

    private static func summary(for alert: Alert, attribution: VerdictAttribution?) -> String {
        let verdict = alert.verdict
        let carried = attribution.map { Self.carried(verdict, by: $0) } ?? ""
        let subject: String
        let unit: String
        switch verdict.subject {
        case .drift(let column, let statistic): (subject, unit) = ("\(statistic) of \(brief(column))", "events")
        case .multivariate(let statistic): (subject, unit) = ("\(statistic) of whole rows", "events")
        case .performance(let metric): (subject, unit) = (metric, "labelled pairs")
        case .estimate(let metric):
            (subject, unit) = ("estimated \(metric)", "predictions; labels are still to come")
        case .quality(let check, let column):
            let name = check.replacing("_", with: " ")
            (subject, unit) = (column.map { "\(name) of \(brief($0))" } ?? name, "events")
        }
        let segment = verdict.segment.map { " for \(brief($0))" } ?? ""
        let value = verdict.value.map { JSONText.rounded($0) } ?? "unknown"
        let version = alert.version.isEmpty ? "" : " v\(brief(alert.version))"
        let start = "\(brief(alert.model))\(version): \(subject)\(segment)"
        let window = "window \(RFC3339.text(verdict.windowStart)) to \(RFC3339.text(verdict.windowEnd))"
        switch alert.resolveReason {
        case nil where verdict.evidence?.changeText != nil:
            let change = verdict.evidence?.changeText.map { brief($0) } ?? ""
            return "\(start) is \(value): \(change) (\(window), \(verdict.count) \(unit))\(carried)"
        case nil:
            let level = "\(isRaisedAbove(verdict) ? "above" : "below") \(JSONText.rounded(verdict.raiseLevel))"
            // A fixed limit, in the place of a calibration that the reference was too short for.
            let limit = verdict.reason == .uncalibrated ? ", a fixed limit (uncalibrated: no budget is kept)" : ""
            return "\(start) \(value)\(interval(of: verdict)) is \(level)\(limit) "
                + "(\(window), \(verdict.count) \(unit))\(carried)"
        case .cleared where verdict.evidence != nil:
            return "\(start) is \(value), no longer evidence of drift (\(window), \(verdict.count) \(unit))"
        case .cleared:
            let level = JSONText.rounded(verdict.clearLevel)
            return "\(start) is back at \(value), clear level \(level) (\(window), \(verdict.count) \(unit))"
        case .superseded:
            return "\(start) was last at \(value); the version was replaced (\(window))"
        }
    }

    /// The value's 95 % interval, where the rule looks at it.
    private static func interval(of verdict: Verdict) -> String {
        guard let low = verdict.low, let high = verdict.high else { return "" }
        return " (\(JSONText.rounded(low)) to \(JSONText.rounded(high)))"
    }

    /// Which side of the level is the bad one: the clear level lies on the good side.
    private static func isRaisedAbove(_ verdict: Verdict) -> Bool {
        if verdict.raiseLevel != verdict.clearLevel { return verdict.raiseLevel > verdict.clearLevel }
        switch verdict.subject {
        case .performance, .estimate: return (verdict.value ?? verdict.raiseLevel) > verdict.raiseLevel
        case .drift, .multivariate, .quality: return true
        }
    }

    static func brief(_ name: String, maximum: Int = 256) -> String {
        guard name.unicodeScalars.count > maximum else { return name }
        var text = String.UnicodeScalarView(name.unicodeScalars.prefix(maximum - 1))
        text.append("…")
        return String(text)
    }
}
