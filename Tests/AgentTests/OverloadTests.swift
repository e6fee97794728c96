import KafkaClient
import Testing
import Windowing

@testable import Agent

/// Records of one partition that a test makes.
private struct MadeBatch: RecordBatch {
    var topicPartition: TopicPartition
    var lastTimestampMicroseconds: Int64
    var records: [(offset: Int64, key: [UInt8], value: [UInt8])]
    var count: Int { records.count }

    func visitRecords(_ body: (BatchRecord) -> Void) {
        for record in records {
            record.key.withUnsafeBytes { key in
                record.value.withUnsafeBytes { value in
                    body(
                        BatchRecord(
                            offset: record.offset, timestampMicroseconds: lastTimestampMicroseconds, key: key,
                            value: value))
                }
            }
        }
    }
}

/// A worker that falls behind, and catches up.
struct OverloadTests {
    private static let minute: Int64 = 60_000_000

    @Test func aPartOfTheKeysIsCountedUntilItHasCaughtUp() throws {
        let configuration = try AgentConfiguration.parse(
            """
            sources: {overload: {lag: 10m, keep: 0.2}}
            models: [{name: m, task: binary, positive: "yes", reference: {learn: 100}, window: {length: 1h, slide: 1h}}]
            """)
        let coordinator = Mailbox<CoordinatorMessage>(capacity: 1_000)
        let now = CoordinatorRig.start + 100 * Self.minute
        let worker = Worker(
            number: 0,
            settings: .init(
                models: configuration.models.map { $0.windowing(limits: configuration.limits) },
                catalog: ReferenceCatalog(), limits: configuration.sources.eventLimits(configuration.limits),
                allowedLatenessMicroseconds: Self.minute, sharesOneTopic: true,
                overload: configuration.sources.overload, wallClockMicroseconds: { now }),
            coordinator: coordinator, deadLetters: nil)
        worker.mailbox.send(.begin(partition: 0, state: nil))
        var offset: Int64 = 0
        // Minutes behind: on time, too far, still more than half of it, caught up.
        for lag in [5, 20, 6, 4] as [Int64] {
            let time = now - lag * Self.minute
            let records = (0..<1_000).map { number -> (offset: Int64, key: [UInt8], value: [UInt8]) in
                defer { offset += 1 }
                let id = "\(lag)-\(number)"
                let text =
                    "{\"kind\":\"prediction\",\"id\":\"\(id)\",\"time\":\(time),\"model\":\"m\",\"features\":{},\"score\":0.5}"
                return (offset, Array(id.utf8), Array(text.utf8))
            }
            worker.mailbox.send(
                .batch(
                    MadeBatch(
                        topicPartition: TopicPartition(topic: "predictions", partition: 0),
                        lastTimestampMicroseconds: time, records: records), role: .predictions))
        }
        _ = worker.step(timeout: 0)
        var counted: [Int64] = []
        var sampled: [Bool] = []
        var problems: [String] = []
        for message in try #require(coordinator.receive(timeout: 0)) {
            switch message {
            case .output(let output, let counters, _, _):
                counted.append(counters.predictions)
                sampled.append(output.gaps.contains { $0.keptShare == 0.2 })
            case .problem(let text): problems.append(text)
            default: break
            }
        }
        #expect(sampled == [false, true, true, false])
        let added = zip(counted, [0] + counted).map { $0 - $1 }
        #expect(added[0] == 1_000 && added[3] == 1_000)
        #expect(added[1...2].allSatisfy { abs($0 - 200) < 50 })
        #expect(problems.count == 2)
        #expect(problems.first?.contains("predictions[0] is 1200 s behind: 20 % of its keys") == true)
        #expect(problems.last?.contains("has caught up") == true)
    }
}
