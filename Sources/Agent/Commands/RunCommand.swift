import Dispatch
import Foundation
import KafkaClient
import Learning
import Storage

extension AgentConfiguration {
    /// The tables that references are read from.
    fileprivate var referencePaths: [String] {
        models.compactMap { if case .file(let file) = $0.reference.source { file.path } else { nil } }
    }
}

/// `tidewatch run`: the agent, until it is told to stop.
public enum RunCommand {
    public static func run(configurationPath: String, overrides: [String], format: OutputFormat) throws {
        let configuration: AgentConfiguration
        let brokers: String?
        do {
            configuration = try AgentConfiguration.load(
                path: configurationPath, overrides: overrides, environment: ProcessInfo.processInfo.environment)
            brokers = try configuration.brokers(path: configurationPath)
        } catch {
            throw CommandStop.badInput(error.description)
        }
        let log = AgentLog(level: configuration.log.level, format: format)
        do {
            if configuration.replicas.isEnabled, let brokers {
                return try run(
                    LiveAgent(replicaOf: configuration, brokers: brokers, observer: log.observe))
            }
            let state = try StateDirectory(path: configuration.agent.stateDirectory)
            // Two agents would write each other's checkpoints over.
            let lock = try FileLock(path: configuration.agent.stateDirectory + "/lock")
            let agent = try LiveAgent(
                configuration: configuration, brokers: brokers, state: state, observer: log.observe)
            try withExtendedLifetime(lock) { try run(agent) }
        } catch let error as LearningError {
            // Only reference files are read with it before the agent runs; its trainer reports its own failures.
            throw CommandStop.badInput("\(configurationPath): reference.file: \(error)")
        } catch let error as StorageError where configuration.referencePaths.contains(error.path) {
            throw CommandStop.badInput("\(configurationPath): reference.file: \(error)")
        } catch let error as KafkaError where error.code == .configuration {
            throw CommandStop.badInput("\(configurationPath): kafka.properties: \(error)")
        }
    }

    private static func run(_ agent: LiveAgent) throws {
        let signals = stopOnSignals(agent)
        defer { for signal in signals { signal.cancel() } }
        try agent.run()
    }

    /// SIGINT and SIGTERM end the agent after a last checkpoint.
    private static func stopOnSignals(_ agent: LiveAgent) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                CommandOutput.standardError("Stopping after a last checkpoint.")
                agent.stop()
            }
            source.resume()
            return source
        }
    }
}
