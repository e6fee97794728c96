import Events
import Foundation
import Synchronization

/// What `tidewatch demo` was asked.
public struct DemoOptions: Sendable {
    public var seed: UInt64
    /// Days of event time per second; 0 is as fast as it goes.
    public var daysPerSecond: Double
    /// The Elec2 table, to tell the story on real data instead.
    public var elec2Path: String?
    /// The configuration for Elec2.
    public var configurationPath: String
    public var format: OutputFormat
    public var isQuiet: Bool

    public init(
        seed: UInt64, daysPerSecond: Double, elec2Path: String?, configurationPath: String, format: OutputFormat,
        isQuiet: Bool
    ) {
        self.seed = seed
        self.daysPerSecond = daysPerSecond
        self.elec2Path = elec2Path
        self.configurationPath = configurationPath
        self.format = format
        self.isQuiet = isQuiet
    }
}

/// `tidewatch demo`: the loop, told as it happens.
public enum DemoCommand {
    public static func run(_ options: DemoOptions) throws {
        let directory = NSTemporaryDirectory() + "tidewatch-demo-\(ProcessInfo.processInfo.processIdentifier)"
        defer { remove(directory) }
        let teller = StoryTeller(format: options.format, isQuiet: options.isQuiet)
        do {
            if let path = options.elec2Path {
                try ElectricityStory(path: path, options: options, directory: directory, teller: teller).tell()
            } else {
                try LoanStory(
                    seed: options.seed, daysPerSecond: options.daysPerSecond, directory: directory, teller: teller,
                    observer: teller.observe
                ).tell()
            }
        } catch let error as ConfigurationError {
            throw CommandStop.badInput(error.description)
        }
    }

    private static func remove(_ directory: String) {
        guard FileManager.default.fileExists(atPath: directory) else { return }
        do {
            try FileManager.default.removeItem(atPath: directory)
        } catch {
            CommandOutput.standardError("\(directory) could not be removed: \(error.localizedDescription)")
        }
    }
}

/// Prints the story: events as they come, chapters between them, and the score at the end.
final class StoryTeller: Sendable {
    private let format: OutputFormat
    private let isQuiet: Bool
    /// Event time of the last served row, for what happens without a time of its own.
    private let now = Atomic<Int64>(0)

    init(format: OutputFormat, isQuiet: Bool) {
        self.format = format
        self.isQuiet = isQuiet
    }

    /// The story has come to this moment.
    func advance(to microseconds: Int64) {
        now.store(microseconds, ordering: .relaxed)
    }

    /// Takes the agent's events.
    @Sendable func observe(_ event: AgentEvent) {
        if case .windowJudged = event { return }
        switch format {
        case .json:
            if let line = event.json(at: now.load(ordering: .relaxed)) { CommandOutput.standardOutput(line) }
        case .text:
            if case .checkpointSaved = event { return }
            if let line = event.line(usesColour: CommandOutput.usesColour) { CommandOutput.standardOutput("  " + line) }
        }
    }

    /// A heading, for people.
    func chapter(_ text: String) {
        guard format == .text, !isQuiet else { return }
        CommandOutput.standardOutput("\n" + (CommandOutput.usesColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text))
    }

    /// A remark, for people.
    func remark(_ text: String) {
        guard format == .text, !isQuiet else { return }
        CommandOutput.standardOutput("  " + text)
    }

    /// The end of the story.
    func done(_ scores: [(name: String, rows: Int, accuracy: Double)], summary: String) {
        switch format {
        case .json:
            let parts = scores.map {
                "{\"name\":\"\($0.name)\",\"rows\":\($0.rows),\"accuracy\":\(String(format: "%.4f", $0.accuracy))}"
            }
            CommandOutput.standardOutput(
                "{\"at\":\"\(timeText)\",\"event\":\"done\",\"served\":[\(parts.joined(separator: ","))]}")
        case .text:
            chapter("The score")
            var table = TextTable(header: ["served by", "rows", "accuracy"])
            for score in scores { table.add([score.name, "\(score.rows)", String(format: "%.3f", score.accuracy)]) }
            for line in table.lines { remark(line) }
            CommandOutput.standardOutput("\n" + summary)
        }
    }

    private var timeText: String { EventTime.format(now.load(ordering: .relaxed)) }
}
