import Alerting
import Detection
import Events
import Foundation
import Registry
import Statistics
import Windowing

extension AgentEvent {
    /// One line for people; `nil` for what a person need not see each time.
    func line(usesColour: Bool) -> String? {
        func text(_ mark: String, _ colour: Int, _ at: Int64?, _ message: String) -> String {
            let time = at.map { EventTime.format($0).prefix(16).replacingOccurrences(of: "T", with: " ") } ?? "        "
            let label = mark.padding(toLength: 10, withPad: " ", startingAt: 0)
            return "\(time.padding(toLength: 17, withPad: " ", startingAt: 0)) "
                + (usesColour ? "\u{1B}[\(colour)m\(label)\u{1B}[0m" : label) + " " + message
        }
        switch self {
        case .started(let source, let models):
            return text("started", 36, nil, "reading \(source) for \(models.joined(separator: ", "))")
        case .partitionsAssigned(let partitions):
            return text("assigned", 36, nil, "partitions \(partitions.map(String.init).joined(separator: ", "))")
        case .partitionsRevoked(let partitions):
            return text("released", 36, nil, "partitions \(partitions.map(String.init).joined(separator: ", "))")
        case .evaluating(let partition, let models):
            return text(
                "evaluates", 36, nil, "\(models.joined(separator: ", ")) (partition \(partition) of the panes)")
        case .referenceLearned(let key, let events, let end):
            return text("reference", 36, end, "\(key): learned from its first \(events) events")
        case .windowJudged: return nil
        case .alert(.fire(let alert), _):
            return text(
                alert.severity == .critical ? "ALERT!" : "ALERT", 31, alert.verdict.windowEnd,
                AlertMessage.summary(for: alert))
        case .alert(.resolve(let alert, _), _):
            return text(
                "resolved", 32, alert.resolvedMicroseconds ?? alert.verdict.windowEnd, AlertMessage.summary(for: alert))
        case .alertSent: return nil
        case .retrainingStarted(let model, let trigger, let rows, let at):
            return text("retraining", 33, at, "\(model): \(trigger); \(rows) labelled rows")
        case .retrainingDue(let model, let trigger, let rows, let at):
            return text("would", 33, at, "retrain \(model): \(trigger); \(rows) labelled rows")
        case .versionPublished(let record, let champion, let challenger, let metric):
            let numbers = [champion, challenger].map { $0.map { String(format: "%.4f", $0) } ?? "none" }
            return text(
                "published", 33, nil,
                "\(record.model) v\(record.version): \(metric) \(numbers[1]) on the newest rows, champion \(numbers[0])"
                    + Self.moved(record.lineage.anchor))
        case .versionRejected(let model, let version, let reason):
            return text("rejected", 33, nil, "\(model) \(version.map { "v\($0)" } ?? "challenger"): \(reason)")
        case .retrainingFailed(let model, let message):
            return text("failed", 31, nil, "retraining \(model): \(message)")
        case .promoted(let model, let version, let predecessor, let reason, let from):
            let shadow = predecessor.map { "; v\($0) goes on in shadow" } ?? ""
            return text("promoted", 35, from, "\(model) v\(version) is champion (\(reason))\(shadow)")
        case .commandWaits(let model, let version, let from):
            return text(
                "waits", 35, nil,
                "\(model) v\(version) is champion from \(EventTime.format(from)) on: windows until then have been said already"
            )
        case .probationPassed(let model, let version, let message):
            return text("kept", 32, nil, "\(model) v\(version): \(message)")
        case .rolledBack(let model, let from, let to, let reason):
            return text("ROLLBACK", 31, nil, "\(model): v\(from) back to v\(to): \(reason)")
        case .checkpointSaved: return nil
        case .status(let status): return text("status", 36, nil, status.text)
        case .problem(let message): return text("problem", 31, nil, message)
        }
    }

    /// The event in the JSON form of the CLI contract; `nil` for what has none.
    func json(at microseconds: Int64) -> String? {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("at", EventTime.format(microseconds))
        guard writeFields(to: &writer) else { return nil }
        writer.endObject()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func writeFields(to writer: inout JSONWriter) -> Bool {
        switch self {
        case .alert(let transition, let delivery):
            let alert = transition.alert
            writer.field("event", alert.status == .firing ? Self.firingName(alert) : "alert_resolved")
            writer.field("model", alert.model)
            writer.field("version", alert.version)
            writer.field("alert", alert.id)
            writer.field("detector", alert.detector)
            if let segment = alert.verdict.segment { writer.field("segment", segment) }
            writer.field("value", alert.verdict.value)
            if case .estimate = alert.verdict.subject {
                writer.key("estimated")
                writer.boolean(true)
            }
            if let maturity = alert.verdict.labelMaturity { writer.field("label_maturity", maturity) }
            writer.field("window_start", EventTime.format(alert.verdict.windowStart))
            writer.field("window_end", EventTime.format(alert.verdict.windowEnd))
            if alert.status == .firing { writer.field("attribution", alert.verdict.attribution) }
            writer.field("delivery", delivery.rawValue)
        case .alertSent(let messageID, let destination):
            writer.field("event", "alert_sent")
            writer.field("message", messageID)
            writer.field("destination", destination)
        case .referenceLearned(let key, let events, let end):
            writer.field("event", "reference_learned")
            writer.field("model", key.model)
            writer.field("version", key.version)
            writer.field("rows", Double(events))
            writer.field("until", EventTime.format(end))
        case .windowJudged(let window): write(window, to: &writer)
        case .retrainingStarted(let model, let trigger, let rows, _):
            write("retrain_started", model, nil, trigger, to: &writer)
            writer.field("rows", Double(rows))
        case .retrainingDue(let model, let trigger, let rows, let at):
            write("retrain_due", model, nil, trigger, to: &writer)
            writer.field("rows", Double(rows))
            writer.field("time", EventTime.format(at))
        case .versionPublished(let record, let champion, let challenger, let metric):
            write("version_published", record.model, record.version, nil, to: &writer)
            writer.field("metric", metric)
            writer.field("champion", champion)
            writer.field("challenger", challenger)
            if let anchor = record.lineage.anchor { write(anchor, to: &writer) }
        case .versionRejected(let model, let version, let reason):
            write("version_rejected", model, version, reason, to: &writer)
        case .retrainingFailed(let model, let message): write("retrain_failed", model, nil, message, to: &writer)
        case .promoted(let model, let version, let predecessor, let reason, let from):
            write("promoted", model, version, reason, to: &writer)
            writer.field("predecessor", predecessor)
            if let from { writer.field("from", EventTime.format(from)) }
        case .commandWaits(let model, let version, let from):
            write("command_waits", model, version, nil, to: &writer)
            writer.field("from", EventTime.format(from))
        case .probationPassed(let model, let version, let text): write("kept", model, version, text, to: &writer)
        case .rolledBack(let model, let from, let to, let reason):
            write("rolled_back", model, to, reason, to: &writer)
            writer.field("from", from)
        case .status(let status): status.write(to: &writer)
        case .problem(let message): write("problem", nil, nil, message, to: &writer)
        case .started, .partitionsAssigned, .partitionsRevoked, .evaluating, .checkpointSaved: return false
        }
        return true
    }

    private static func firingName(_ alert: Alert) -> String {
        switch alert.verdict.subject {
        case .drift, .multivariate: "drift_detected"
        case .performance, .estimate: "performance_degraded"
        case .quality: "data_quality_violated"
        }
    }

    private func write(
        _ name: String, _ model: String?, _ version: String?, _ reason: String?, to writer: inout JSONWriter
    ) {
        writer.field("event", name)
        if let model { writer.field("model", model) }
        if let version { writer.field("version", version) }
        if let reason { writer.field("reason", reason) }
    }

    private func write(_ window: JudgedWindow, to writer: inout JSONWriter) {
        writer.field("event", "window")
        writer.field("kind", window.kind.rawValue)
        writer.field("model", window.key.model)
        writer.field("version", window.key.version)
        writer.field("start", EventTime.format(window.startMicroseconds))
        writer.field("end", EventTime.format(window.endMicroseconds))
        writer.field("count", Double(window.count))
        if let maturity = window.labelMaturity { writer.field("label_maturity", maturity) }
        if window.isIncomplete {
            writer.key("incomplete")
            writer.boolean(true)
            if let share = window.sampledShare { writer.field("sampled_share", share) }
        }
        if !window.estimates.isEmpty { Self.write(window.estimates, to: &writer) }
        writer.key("verdicts")
        writer.beginArray()
        for verdict in window.verdicts {
            writer.beginObject()
            writer.field("detector", verdict.detector)
            if let segment = verdict.segment {
                writer.field("segment", segment)
                writer.field("start", EventTime.format(verdict.windowStart))
                writer.field("count", Double(verdict.count))
            }
            writer.field("status", verdict.status.rawValue)
            writer.field("reason", verdict.reason.rawValue)
            writer.field("value", verdict.value)
            if let low = verdict.low { writer.field("low", low) }
            if let high = verdict.high { writer.field("high", high) }
            writer.field("p_value", verdict.pValue)
            if let evidence = verdict.evidence { write(evidence, to: &writer) }
            writer.field("attribution", verdict.attribution)
            writer.endObject()
        }
        writer.endArray()
    }

    /// What has moved from the model's first reference, where that is more than the classic limit of the PSI.
    private static func moved(_ anchor: AnchorDistance?) -> String {
        guard let anchor, let first = anchor.farthestFirst.first, first.psi >= 0.1 else { return "" }
        let whose = anchor.version.isEmpty ? "the first reference" : "v\(anchor.version)"
        return "; \(first.column) has moved most since \(whose), PSI \(String(format: "%.2f", first.psi))"
    }

    private func write(_ anchor: AnchorDistance, to writer: inout JSONWriter) {
        writer.key("anchor")
        writer.beginObject()
        writer.field("version", anchor.version)
        writer.key("psi_excess")
        writer.beginObject()
        for (column, psi) in anchor.farthestFirst { writer.field(column, psi) }
        writer.endObject()
        writer.endObject()
    }

    /// What a calibrated verdict rests on; logarithms are natural.
    private func write(_ evidence: VerdictEvidence, to writer: inout JSONWriter) {
        writer.key("evidence")
        writer.beginObject()
        writer.field("calibration", evidence.calibration.rawValue)
        writer.field("log_e_value", evidence.logEValue)
        writer.field("log_evidence", evidence.logEvidence)
        writer.field("log_bound", evidence.logBound)
        if let change = evidence.changeText { writer.field("change", change) }
        switch evidence.detectable {
        case .shift(let size)?: writer.field("detectable_shift", size)
        case .share(let share)?: writer.field("detectable_share", share)
        case nil: break
        }
        writer.endObject()
    }
}
