import Foundation

/// `make bench`: each measurement runs in a process of its own, so that memory and threads are its own; the embedded
/// broker is another process. Figures go to `docs/benchmarks.md` by hand, with the machine they were taken on.
@main
enum StreamBenchmarks {
    static func main() {
        do {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) throws {
        switch arguments.first {
        case "broker": try BrokerProcess.run(events: try number(arguments, 1), partitions: try number(arguments, 2))
        case "bare":
            try BareConsumer.run(
                brokers: try text(arguments, 1), events: try number(arguments, 2),
                prefetchKilobytes: try number(arguments, 3))
        case "library":
            try LibraryConsumer.run(
                brokers: try text(arguments, 1), events: try number(arguments, 2),
                prefetchKilobytes: try number(arguments, 3))
        case "agent":
            try AgentConsumer.run(
                brokers: try text(arguments, 1), events: try number(arguments, 2), workers: try number(arguments, 3),
                prefetchKilobytes: try number(arguments, 4))
        case "peer":
            try PeerConsumer.run(
                brokers: try text(arguments, 1), events: try number(arguments, 2),
                prefetchKilobytes: try number(arguments, 3))
        case "lines": try FileBenchmark.readLines(of: try text(arguments, 1), events: try number(arguments, 2))
        case "decoded-lines":
            try FileBenchmark.decodeLines(of: try text(arguments, 1), events: try number(arguments, 2))
        case "agent-file":
            try AgentConsumer.run(
                file: try text(arguments, 1), events: try number(arguments, 2), workers: try number(arguments, 3))
        case "hostile-file":
            try AgentConsumer.run(
                hostile: try text(arguments, 1), events: try number(arguments, 2), novelty: try text(arguments, 3))
        case "join-decoding": try JoinBenchmark.decode(pairs: try number(arguments, 1))
        case "join": try JoinBenchmark.join(pairs: try number(arguments, 1))
        case "waiting": try JoinBenchmark.wait(predictions: try number(arguments, 1))
        case "checkpoint": try CheckpointBenchmark.checkpoint(predictions: try number(arguments, 1))
        case "checkpoints":
            try CheckpointBenchmark.run(predictions: try number(arguments, 1), rounds: try number(arguments, 2))
        case "panes": try JoinBenchmark.panes(events: try number(arguments, 1))
        case "count-decoding": JoinBenchmark.Once.decode(pairs: try number(arguments, 1))
        case "count-predictions": JoinBenchmark.Once.count(predictions: try number(arguments, 1))
        case "make-pairs": JoinBenchmark.Once.make(pairs: try number(arguments, 1))
        case "make-predictions": JoinBenchmark.Once.make(predictions: try number(arguments, 1))
        case "count-pairs": try JoinBenchmark.Once.join(pairs: try number(arguments, 1))
        case "instructions": try InstructionBenchmark.run(records: false)
        case "record-instructions": try InstructionBenchmark.run(records: true)
        case nil:
            try StreamBenchmark.run(events: 3_000_000, rounds: 3, partitions: 256)
            try FileBenchmark.run(events: 3_000_000, rounds: 3)
            try JoinBenchmark.run(pairs: 2_000_000, rounds: 3)
            try CheckpointBenchmark.run(predictions: 10_000_000, rounds: 3)
        case "pairs": try JoinBenchmark.run(pairs: try number(arguments, 1), rounds: try number(arguments, 2))
        case "file": try FileBenchmark.run(events: try number(arguments, 1), rounds: try number(arguments, 2))
        case "prefetch":
            try StreamBenchmark.curve(
                events: try number(arguments, 1), rounds: try number(arguments, 2),
                partitions: try number(arguments, 3))
        case "webhook": try WebhookBenchmark.run(seconds: try number(arguments, 1))
        case "webhook-agent": try WebhookBenchmark.agent(configuration: try text(arguments, 1))
        case "hostile": try HostileBenchmark.run(events: try number(arguments, 1), rounds: try number(arguments, 2))
        case "stream":
            try StreamBenchmark.run(
                events: try number(arguments, 1), rounds: try number(arguments, 2),
                partitions: try number(arguments, 3))
        case let other?: throw BenchmarkError("there is no benchmark '\(other)'")
        }
    }

    private static func text(_ arguments: [String], _ index: Int) throws -> String {
        guard index < arguments.count else { throw BenchmarkError("argument \(index) is missing") }
        return arguments[index]
    }

    private static func number(_ arguments: [String], _ index: Int) throws -> Int {
        guard let number = Int(try text(arguments, index)) else {
            throw BenchmarkError("argument \(index) is no number")
        }
        return number
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
