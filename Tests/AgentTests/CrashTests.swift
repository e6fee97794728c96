import Agent
import Detection
import Events
import Foundation
import KafkaClient
import Testing
import TidewatchTestKit

/// `kill -9` of the real program, again and again, against the embedded broker: the judged windows are those of an
/// undisturbed run, bit for bit.
@Suite(.serialized) struct CrashTests {
    @Test func windowsAreTheSameAfterKillNine() throws {
        let straight = try windows(killing: false)
        let disturbed = try windows(killing: true)
        #expect(straight.count > 100)
        #expect(straight.contains { $0.kind == "segments" && $0.verdicts.contains("country=DE") })
        #expect(disturbed == straight)
        let kinds = Set(straight.map(\.kind))
        #expect(kinds.isSuperset(of: ["interval", "outcome_interval", "estimate", "reconciliation"]))
    }

    /// Runs the program over a seeded stream in four stages and returns every judged window.
    private func windows(killing: Bool) throws -> [WindowHistory.Entry] {
        let broker = try EmbeddedBroker(topics: [
            ("predictions", 4), ("outcomes", 4), ("tidewatch.events", 1), ("tidewatch.models", 1),
        ])
        let directory = NSTemporaryDirectory() + "tidewatch-crash-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { RealData.remove(directory) }
        try Data(Self.configuration(broker.bootstrapServers, directory).utf8)
            .write(to: URL(fileURLWithPath: directory + "/agent.yaml"))
        let stream = CrashStream(seed: 11)
        let producer = try KafkaProducer(
            settings: ProducerSettings(bootstrapServers: broker.bootstrapServers, properties: ["linger.ms": "1"]))
        defer { producer.close() }
        var agent = try AgentProcess(configuration: directory + "/agent.yaml")
        for stage in 0..<CrashStream.stages {
            try stream.produce(stage: stage, through: producer)
            // The middle of the stage: the rest is under way, or not even read.
            let middle = CrashStream.start(of: stage) + CrashStream.stageLength / 2
            try agent.waitForWindow(endingAfter: middle)
            guard killing, stage < CrashStream.stages - 1 else { continue }
            agent.kill()
            agent = try AgentProcess(configuration: directory + "/agent.yaml")
        }
        // Events much later close every pane of the stages.
        try stream.produceEnd(through: producer)
        // Pairs close last: a window of theirs beyond the end means that all before it have been kept.
        try agent.waitForWindow(endingAfter: CrashStream.start(of: CrashStream.stages), kind: "performance")
        agent.kill()
        return try StateDirectory(path: directory + "/state").history.windows(of: "fraud")
            .filter { $0.endMicroseconds <= CrashStream.start(of: CrashStream.stages) }
            .map(Self.withoutSegmentsOfPairs)
    }

    /// Which of the first pairs have a segment's name depends on when a partition hears of the learned reference
    /// (docs/detection.md). Drift does not.
    private static func withoutSegmentsOfPairs(_ entry: WindowHistory.Entry) throws -> WindowHistory.Entry {
        guard entry.kind == "performance" else { return entry }
        var entry = entry
        let verdicts = try JSONDecoder().decode([Verdict].self, from: Data(entry.verdicts.utf8))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        entry.verdicts = String(decoding: try encoder.encode(verdicts.filter { $0.segment == nil }), as: UTF8.self)
        return entry
    }

    private static func configuration(_ brokers: String, _ directory: String) -> String {
        """
        agent: {state_directory: "\(directory)/state", workers: 2, checkpoint_interval: 100ms}
        kafka:
          bootstrap_servers: "\(brokers)"
          properties: {fetch.wait.max.ms: "10", session.timeout.ms: "6000", heartbeat.interval.ms: "500"}
        sources: {start: earliest, allowed_lateness: 5m}
        models:
          - name: fraud
            task: binary
            positive: fraud
            reference: {learn: 300}
            window: {length: 6h, slide: 1h}
            max_label_delay: 12h
            segments: [country]
            segment_drift: true
            drift:
              minimum_sample: 50
              false_alarms: 1 per 7d
              rules: [{statistic: psi, raise: 0.25, clear: 0.1}, {statistic: ks, raise: 0.3}]
            performance:
              minimum_sample: 20
              estimate: true
              calibration_pairs: 300
              rules:
                - {metric: accuracy, raise_below: 0.6}
                - {metric: log_loss, raise_above: 2}
                - {metric: accuracy, raise_below: 0.7, estimated: true}
        """
    }
}

/// Three days of predictions and their outcomes some hours later, in stages of event time.
private struct CrashStream {
    static let stages = 4
    static let stageLength: Int64 = 18 * 3_600_000_000
    private static let perStage = 2_000

    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    static func start(of stage: Int) -> Int64 { 1_767_225_600_000_000 + Int64(stage) * stageLength }

    func produce(stage: Int, through producer: KafkaProducer) throws {
        var generator = SeededGenerator(seed: seed &+ UInt64(stage))
        let step = Self.stageLength / Int64(Self.perStage)
        for number in 0..<Self.perStage {
            let time = Self.start(of: stage) + Int64(number) * step
            let id = "p-\(stage)-\(number)"
            let score = Double.random(in: 0..<1, using: &generator)
            let amount = Double.random(in: 0..<100, using: &generator) * (stage > 1 ? 2 : 1)
            let isFraud = Double.random(in: 0..<1, using: &generator) < score
            try send(
                "{\"kind\":\"prediction\",\"id\":\"\(id)\",\"time\":\(time),\"model\":\"fraud\",\"features\":"
                    + "{\"amount\":\(amount),\"country\":\"\(["KR", "DE", "US"][number % 3])\"},\"score\":\(score)}",
                id, at: time, to: "predictions", producer)
            // Outcomes belong to the stage too, so that both streams end with it.
            let delay = Int64.random(in: 0..<3_600_000_000, using: &generator)
            try send(
                "{\"kind\":\"outcome\",\"id\":\"\(id)\",\"model\":\"fraud\",\"label\":\"\(isFraud ? "fraud" : "fine")\"}",
                id, at: min(time + delay, Self.start(of: stage + 1) - 1), to: "outcomes", producer)
        }
        try producer.flush(timeoutMilliseconds: 30_000)
    }

    /// One event a partition and stream, three days later.
    func produceEnd(through producer: KafkaProducer) throws {
        let time = Self.start(of: Self.stages) + 3 * Self.stageLength
        for number in 0..<200 {
            let id = "end-\(number)"
            try send(
                "{\"kind\":\"prediction\",\"id\":\"\(id)\",\"time\":\(time),\"model\":\"fraud\",\"features\":{}}", id,
                at: time, to: "predictions", producer)
            try send(
                "{\"kind\":\"outcome\",\"id\":\"\(id)\",\"model\":\"fraud\",\"label\":\"fine\"}", id, at: time,
                to: "outcomes", producer)
        }
        try producer.flush(timeoutMilliseconds: 30_000)
    }

    private func send(_ text: String, _ id: String, at time: Int64, to topic: String, _ producer: KafkaProducer) throws
    {
        try producer.send(
            topic: topic, key: Array(id.utf8), value: Array(text.utf8), timestampMicroseconds: time)
    }
}
