import BenchmarkPeers
import Foundation

/// The same topic through confluent-kafka, orjson and numpy.
enum PeerConsumer {
    /// Prints its measurement, or a skipped one where there is no Python for it.
    static func run(brokers: String, events: Int, prefetchKilobytes: Int) throws {
        let reference = NSTemporaryDirectory() + "tidewatch-peer-\(ProcessInfo.processInfo.processIdentifier).jsonl"
        defer { unlink(reference) }
        try BenchmarkEvents.writeReference(to: reference)
        let output = try Peers.run(
            script: "stream.py",
            arguments: [brokers, BrokerProcess.topic, "\(events)", reference, "\(prefetchKilobytes)"])
        guard let output else { throw BenchmarkError("the peer needs python3-venv and PyPI") }
        FileHandle.standardOutput.write(Data(output.utf8))
    }
}
