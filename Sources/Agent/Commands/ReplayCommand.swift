import Alerting
import Detection
import Events
import Foundation
import Learning
import Statistics
import Storage
import Windowing

/// What `tidewatch replay` was asked.
public struct ReplayOptions: Sendable {
    public var configurationPath: String
    public var overrides: [String]
    public var paths: [String]
    public var predictionColumn: String?
    public var scoreColumn: String?
    public var outcomeColumn: String?
    public var timeColumn: String?
    public var idColumn: String?
    public var excludedColumns: [String]
    public var failsOnDrift: Bool
    public var format: OutputFormat
    public var isQuiet: Bool

    public init(
        configurationPath: String, overrides: [String] = [], paths: [String], predictionColumn: String? = nil,
        scoreColumn: String? = nil, outcomeColumn: String? = nil, timeColumn: String? = nil, idColumn: String? = nil,
        excludedColumns: [String] = [], failsOnDrift: Bool = false, format: OutputFormat = .text, isQuiet: Bool = false
    ) {
        self.configurationPath = configurationPath
        self.overrides = overrides
        self.paths = paths
        self.predictionColumn = predictionColumn
        self.scoreColumn = scoreColumn
        self.outcomeColumn = outcomeColumn
        self.timeColumn = timeColumn
        self.idColumn = idColumn
        self.excludedColumns = excludedColumns
        self.failsOnDrift = failsOnDrift
        self.format = format
        self.isQuiet = isQuiet
    }
}

/// `tidewatch replay`: recorded events through the agent's pipeline, in event time, as fast as it goes.
public enum ReplayCommand {
    public static func run(_ options: ReplayOptions) throws {
        let configuration: AgentConfiguration
        do {
            configuration = try AgentConfiguration.load(
                path: options.configurationPath, overrides: options.overrides,
                environment: ProcessInfo.processInfo.environment)
        } catch {
            throw CommandStop.badInput(error.description)
        }
        var printer = ReplayPrinter(format: options.format, isQuiet: options.isQuiet)
        let replay: Replay
        do {
            replay = try Replay(configuration: configuration)
            for path in options.paths {
                var source = try source(path, options: options, configuration: configuration)
                try replay.run(&source) { printer.print($0, at: replay.nowMicroseconds) }
            }
        } catch let error as StorageError {
            throw CommandStop.badInput(error.description)
        } catch let error as LearningError {
            throw CommandStop.badInput(error.description)
        }
        replay.finish { printer.print($0, at: replay.nowMicroseconds) }
        printer.summarise(replay.counters, at: replay.nowMicroseconds)
        if options.failsOnDrift, printer.alerts > 0 { throw CommandStop.driftFound }
    }

    private static func source(
        _ path: String, options: ReplayOptions, configuration: AgentConfiguration
    ) throws -> any EventSource {
        let name = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
        guard name.hasSuffix(".csv") else { return try JSONLinesSource(path: path) }
        guard let model = configuration.models.first, configuration.models.count == 1 else {
            throw CommandStop.badInput("\(path): a CSV file holds the events of one model; configure exactly one")
        }
        var mapping = CSVMapping(
            model: model.name, predictionColumn: options.predictionColumn, scoreColumn: options.scoreColumn,
            outcomeColumn: options.outcomeColumn, timeColumn: options.timeColumn, idColumn: options.idColumn,
            excludedColumns: options.excludedColumns)
        if case .regression = model.task {
            mapping.valueColumn = options.predictionColumn
            mapping.predictionColumn = nil
        }
        return try CSVSource(path: path, mapping: mapping)
    }
}

/// Prints a replay as it goes, and its sum at the end.
private struct ReplayPrinter {
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

    func summarise(_ counters: PipelineCounters, at microseconds: Int64) {
        guard format == .text else {
            var writer = JSONWriter()
            writer.beginObject()
            writer.field("at", EventTime.format(microseconds))
            writer.field("event", "done")
            for counter in counters.named { writer.field(counter.name, Double(counter.count)) }
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
        let rest = counters.named.filter {
            $0.count > 0 && !["predictions", "outcomes", "joined"].contains($0.name)
        }
        guard !rest.isEmpty else { return }
        CommandOutput.standardOutput(
            "Left out: "
                + rest.map { "\($0.name.replacingOccurrences(of: "_", with: " ")) \($0.count)" }
                .joined(separator: ", ") + ".")
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
        return "\(end)  \(kind) n=\(window.count)\(labels)  " + numbers.joined(separator: "; ")
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
