import Events
import Logging

/// The running agent's log: lines for people through swift-log on standard error, or one JSON object a line on standard
/// output.
struct AgentLog: Sendable {
    private let format: OutputFormat
    private let logger: Logger

    init(level: LogConfiguration.Level, format: OutputFormat) {
        self.format = format
        var logger = Logger(label: "tidewatch") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: level.rawValue) ?? .info
        self.logger = logger
    }

    /// Takes the agent's events.
    @Sendable func observe(_ event: AgentEvent) {
        if format == .json, let line = event.json(at: WallClock.microseconds()) {
            CommandOutput.standardOutput(line)
        }
        switch event {
        case .windowJudged(let window): logger.debug("\(WindowText.line(window))")
        case .checkpointSaved(let generation, let bytes, let milliseconds):
            logger.debug("checkpoint \(generation): \(bytes) bytes in \(Int(milliseconds)) ms")
        case .problem(let text): logger.warning("\(text)")
        default: if let line = event.line(usesColour: false) { logger.info("\(line)") }
        }
    }
}
