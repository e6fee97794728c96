import Alerting
import Detection
import Events
import Foundation
import Statistics
import Windowing

/// Prints a replay as it goes, and its sum at the end.
struct ReplayPrinter {
    let format: OutputFormat
    let isQuiet: Bool
    private(set) var alerts = 0
    private var windows = 0
    private var retrainings = 0

    init(format: OutputFormat, isQuiet: Bool) {
        self.format = format
        self.isQuiet = isQuiet
    }

    mutating func print(_ event: AgentEvent, at microseconds: Int64) {
        switch event {
        case .windowJudged: windows += 1
        case .alert(.fire, _): alerts += 1
        case .retrainingDue: retrainings += 1
        default: break
        }
        switch format {
        case .json: if let line = event.json(at: microseconds) { CommandOutput.standardOutput(line) }
        case .text:
            if case .windowJudged(let window) = event, !isQuiet {
                // Without rules a sliding window says nothing but its count.
                guard !window.verdicts.isEmpty || !window.estimates.isEmpty else { return }
                CommandOutput.standardOutput(WindowText.line(window))
            } else if let line = event.line(usesColour: CommandOutput.usesColour) {
                CommandOutput.standardOutput(line)
            }
        }
    }

    /// - Parameter removedOffsets: records of the topics that retention has taken away; `nil` where files were read.
    func summarise(_ replay: Replay, removedOffsets: Int64?) {
        let counters = replay.counters
        guard format == .text else {
            var writer = JSONWriter()
            writer.beginObject()
            writer.field("at", EventTime.format(replay.nowMicroseconds))
            writer.field("event", "done")
            for counter in counters.named { writer.field(counter.name, Double(counter.count)) }
            writer.field("outside_interval", Double(replay.eventsOutsideInterval))
            if let removedOffsets { writer.field("removed_offsets", Double(removedOffsets)) }
            writer.field("windows", Double(windows))
            writer.field("alerts", Double(alerts))
            writer.field("retrainings_due", Double(retrainings))
            writer.endObject()
            CommandOutput.standardOutput(String(decoding: writer.bytes, as: UTF8.self))
            return
        }
        CommandOutput.standardOutput(
            "\n\(counters.predictions) predictions, \(counters.outcomes) outcomes, \(counters.joined) joined; "
                + "\(windows) windows, \(alerts) alerts, \(retrainings) retrainings due.")
        var rest = counters.leftOut
        if replay.eventsOutsideInterval > 0 { rest.append(("outside the interval", replay.eventsOutsideInterval)) }
        if let removedOffsets, removedOffsets > 0 { rest.append(("removed by retention", removedOffsets)) }
        guard !rest.isEmpty else { return }
        CommandOutput.standardOutput(
            "Left out: " + rest.map { "\($0.name) \($0.count)" }.joined(separator: ", ") + ".")
    }
}

/// A judged window on one line.
enum WindowText {
    static func line(_ window: JudgedWindow) -> String {
        let end = EventTime.format(window.endMicroseconds).prefix(16).replacingOccurrences(of: "T", with: " ")
        let kind = window.kind.rawValue.padding(
            toLength: max(12, window.kind.rawValue.count), withPad: " ", startingAt: 0)
        let telling = window.verdicts.sorted { rank($0) < rank($1) }.prefix(3).map { verdict in
            let value = verdict.value.map { String(format: "%.3f", $0) } ?? "–"
            return "\(name(verdict)) \(value) \(verdict.status.rawValue)"
        }
        let numbers = window.estimates.map(text) + telling
        let labels = window.labelMaturity.map { String(format: "  labels %.0f %%", 100 * $0) } ?? ""
        let sampled = window.sampledShare.map { String(format: " sampled %.0f %%", 100 * $0) }
        let gap = sampled ?? (window.isIncomplete ? " incomplete" : "")
        return "\(end)  \(kind) n=\(window.count)\(gap)\(labels)  " + numbers.joined(separator: "; ")
    }

    /// `accuracy 0.812 estimated (0.790 to 0.834)`; with labels `accuracy 0.812 estimated, 0.799 realised, off by 0.011 on
    /// average over 40 windows`.
    private static func text(_ metric: EstimatedMetric) -> String {
        func number(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "–" }
        let estimate = "\(metric.metric.rawValue) \(number(metric.estimated)) estimated"
        if let realized = metric.realized {
            let outside = metric.agrees == false ? ", apart" : ""
            guard let error = metric.meanError, let windows = metric.windows else {
                return "\(estimate), \(number(realized)) realised\(outside)"
            }
            return "\(estimate), \(number(realized)) realised\(outside); estimates off by \(number(error)) on average "
                + "over \(windows) windows"
        }
        guard let low = metric.low, let high = metric.high else { return estimate }
        return "\(estimate) (\(number(low)) to \(number(high)))"
    }

    private static func rank(_ verdict: Verdict) -> (Int, Double) {
        (verdict.status == .drift ? 0 : 1, -(verdict.value ?? 0))
    }

    private static func name(_ verdict: Verdict) -> String {
        switch verdict.subject {
        case .drift(let column, let statistic):
            "\(statistic)(\(column)" + (verdict.segment.map { " @ \($0)" } ?? "") + ")"
        case .multivariate(let statistic): "\(statistic)(rows)"
        case .performance(let metric): verdict.segment.map { "\(metric)(\($0))" } ?? metric
        case .estimate(let metric): "estimated \(metric)"
        case .quality(let check, let column): column.map { "\(check)(\($0))" } ?? check
        }
    }
}
