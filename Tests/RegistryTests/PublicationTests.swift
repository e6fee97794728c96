import Events
import Foundation
import Registry
import Storage
import Testing

@Suite struct PublicationTests {
    private let folder: RegistryFolder
    private let registry: ModelRegistry

    init() throws {
        folder = try RegistryFolder()
        registry = try folder.registry()
    }

    /// Two models, two promotions, a rollback: five entries of "fraud" and two of "churn", eight CloudEvents or models
    /// records of the former.
    private func history() throws {
        try registry.register(2)
        try registry.promote("1")
        try registry.register(1, of: "churn")
        try registry.promote("2")
        try registry.promote("1", of: "churn")
        _ = try registry.rollback()
    }

    private static let expected = [
        "ledger-fraud-1", "ledger-fraud-2", "models fraud 3", "ledger-fraud-3", "ledger-churn-4", "models fraud 5",
        "ledger-fraud-5", "models churn 6", "ledger-churn-6", "models fraud 7", "ledger-fraud-7",
    ]

    /// What was published, in short.
    private func names(_ sink: RecordingSink) throws -> [String] {
        try sink.records.map { record in
            guard record.topic == "tidewatch.models" else { return record.header("ce_id") ?? "?" }
            return "models \(record.key) \(try record.object()["sequence"] as? Int ?? 0)"
        }
    }

    @Test func everyEntryInTheOrderOfTheLedger() throws {
        try history()
        let sink = RecordingSink()
        #expect(try registry.publishPending(to: sink, topics: ModelRegistry.topics) == 7)
        #expect(try names(sink) == Self.expected)
        #expect(
            sink.records.compactMap { $0.header("ce_type") }
                == [
                    "registered", "registered", "promoted", "registered", "promoted", "promoted", "rolled_back",
                ].map { "tidewatch.version." + $0 })
        #expect(
            sink.records.filter { $0.topic == "tidewatch.events" }.allSatisfy { ["fraud", "churn"].contains($0.key) })
        #expect(try registry.publishPending(to: sink, topics: ModelRegistry.topics) == 0)
        #expect(sink.records.count == Self.expected.count)
    }

    @Test func theModelsRecordNamesAFileThatIsWhatItSays() throws {
        try history()
        let sink = RecordingSink()
        try registry.publishPending(to: sink, topics: ModelRegistry.topics)
        let records = sink.records.filter { $0.topic == "tidewatch.models" && $0.key == "fraud" }
        let champions = try records.map { try $0.object()["champion"] as? [String: Any] ?? [:] }
        #expect(champions.map { $0["version"] as? String } == ["1", "2", "1"])
        let check = try BlobStore(directory: folder.path + "/check")
        for (champion, text) in zip(champions, ["fraud 1", "fraud 2", "fraud 1"]) {
            let path = try #require(champion["artifact"] as? String)
            let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
            #expect(path.hasPrefix("/"))
            #expect(bytes == Array(text.utf8))
            #expect(champion["sha256"] as? String == (try check.put(bytes)))
        }
        #expect(try records[0].object()["predecessor"] is NSNull)
        #expect((try records[1].object()["predecessor"] as? [String: Any])?["version"] as? String == "1")
        #expect((try records[1].object()["since"] as? String)?.hasPrefix("2026-01-01T00:00:00") == true)
    }

    @Test func aVersionFromElsewhereHasNoFile() throws {
        _ = try registry.register(
            model: "m", artifact: nil, reference: nil, lineage: Lineage(trigger: "import"), now: 1)
        try registry.promote("1", of: "m")
        let sink = RecordingSink()
        try registry.publishPending(to: sink, topics: ModelRegistry.topics)
        let champion = try #require(try sink.records[1].object()["champion"] as? [String: Any])
        #expect(champion["artifact"] == nil)
        #expect(champion["sha256"] == nil)
    }

    @Test func theEventTellsWhatHappened() throws {
        try history()
        _ = try registry.register(
            model: "fraud", artifact: [7], reference: nil,
            lineage: Lineage(trigger: "schedule", metrics: ["auc": 0.5]), state: .rejected, reason: "no better", now: 9)
        let sink = RecordingSink()
        try registry.publishPending(to: sink, topics: ModelRegistry.topics)
        let record = try #require(sink.records.last)
        #expect(record.header("ce_type") == "tidewatch.version.archived")
        let data = try record.object()
        #expect(data["version"] as? String == "3")
        #expect(data["reason"] as? String == "no better")
        #expect(data["trigger"] as? String == "schedule")
        #expect(data["metrics"] as? [String: Double] == ["auc": 0.5])
        let back = try #require(sink.records.first { $0.header("ce_type") == "tidewatch.version.rolled_back" }).object()
        #expect(back["version"] as? String == "1")
        #expect(back["previous"] as? String == "2")
    }

    /// Whichever record is refused: the next call, in another process, goes on there; an entry may come twice, and then
    /// under its old id.
    @Test(arguments: 1...11)
    func aRefusedRecordIsPublishedLater(call: Int) throws {
        try history()
        let sink = RecordingSink(refusing: call)
        #expect(throws: RecordingSink.Refused.self) {
            try registry.publishPending(to: sink, topics: ModelRegistry.topics)
        }
        #expect(try names(sink) == Array(Self.expected.prefix(call - 1)))
        let reopened = try folder.registry()
        let mark = try reopened.publishedSequence()
        #expect(try reopened.publishPending(to: sink, topics: ModelRegistry.topics) == 7 - Int(mark))
        var seen: Set<String> = []
        #expect(try names(sink).filter { seen.insert($0).inserted } == Self.expected)
        #expect(try names(sink).count <= Self.expected.count + 1)
        #expect(try registry.publishedSequence() == 7)
        #expect(try folder.registry().publishPending(to: sink, topics: ModelRegistry.topics) == 0)
    }
}
