import Alerting
import Events
import Foundation
import KafkaClient
import Learning
import Registry
import Retraining
import Statistics
import TidewatchTestKit
import Windowing

@testable import Agent

/// The whole loop under misfortune: a production system that serves what `tidewatch.models` says, a world that turns
/// round, retrainings, and sometimes a bad version that somebody promotes by hand.
struct LoopSimulation {
    private static let hours = 26
    private static let perHour = 40
    private static let hour: Int64 = 3_600_000_000

    let seed: UInt64
    let directory: String
    private let topics = SimulatedTopics(partitions: 3)
    private let world = SimulatedWorld()
    private var chance: SeededGenerator
    private var number = 0
    /// Rows of the hour before, for the version that somebody makes by hand.
    private var lately: [ProductionRow] = []
    /// Of each hour, how many predictions were right.
    private(set) var right: [Int] = []
    private(set) var crashes = 0

    init(seed: UInt64) throws {
        self.seed = seed
        chance = SeededGenerator(seed: seed ^ 0x100b)
        directory = try SimulatedDisk.makeFolder("loop-\(seed)")
    }

    func clean() throws { try FileManager.default.removeItem(atPath: directory) }

    /// Plays the story; returns what is wrong at its end.
    mutating func violations() throws -> [String] {
        let turn = Int.random(in: 5...9, using: &chance)
        let slip = Bool.random(using: &chance) ? Int.random(in: 17...19, using: &chance) : Int.max
        try registerFirstVersion()
        var misfortune = Misfortune(directory: directory, yaml: yaml(), topics: topics)
        var agent = try misfortune.begin(world, &chance)
        for hour in 0..<Self.hours {
            try agent.settle()
            agent = try misfortune.work(agent, world, &chance)
            if hour == slip { try promoteByHand(in: agent.state.registry) }
            try serve(hour, isTurned: hour >= turn, registry: agent.state.registry)
            agent = try misfortune.work(agent, world, &chance)
        }
        world.calm()
        try agent.settle()
        agent.revoke()
        for _ in 0..<5 {
            try agent.settle()
            world.advance(microseconds: 10_000_000)
            try agent.deliver(fails: false, acknowledgementIsLost: false)
        }
        crashes = misfortune.crashes
        return try broken(agent)
    }

    // MARK: - Production

    private mutating func rows(_ count: Int, from start: Int64, isTurned: Bool) -> [ProductionRow] {
        (0..<count).map { index in
            let amount = Double.random(in: 0..<100, using: &chance).rounded()
            let isHigh = amount >= 50
            let isNoise = Double.random(in: 0..<1, using: &chance) < 0.1
            return ProductionRow(
                timeMicroseconds: start + Int64(index) * Self.hour / Int64(count),
                features: [("amount", .number(amount))], label: (isHigh != isTurned) != isNoise ? "fraud" : "fine")
        }
    }

    private mutating func serve(_ hour: Int, isTurned: Bool, registry: ModelRegistry) throws {
        let version = servedVersion
        let model = try BoostedTreeModel(
            serialized: try registry.artifact(of: try registry.version(version, of: "fraud")))
        let rows = rows(Self.perHour, from: SimulatedLog.start + Int64(hour) * Self.hour, isTurned: isTurned)
        let scores = try model.predict(try Table(rows: rows)).probabilities
        var right = 0
        for (row, score) in zip(rows, scores) {
            number += 1
            let place = { [number] topic in TopicPartition(topic: topic, partition: Int32(number % 3)) }
            guard case .number(let amount) = row.features[0].value else { continue }
            topics.append(
                Array(
                    ("{\"kind\":\"prediction\",\"id\":\"p\(number)\",\"time\":\(row.timeMicroseconds),\"model\":\"fraud\","
                        + "\"version\":\"\(version)\",\"features\":{\"amount\":\(amount)},\"score\":\(score)}").utf8),
                to: place(SimulatedTopics.predictions), at: row.timeMicroseconds)
            topics.append(
                Array(
                    "{\"kind\":\"outcome\",\"id\":\"p\(number)\",\"model\":\"fraud\",\"label\":\"\(row.label)\"}".utf8),
                to: place(SimulatedTopics.outcomes), at: row.timeMicroseconds + Self.hour / 4)
            if (score >= 0.5) == (row.label == "fraud") { right += 1 }
        }
        self.right.append(right)
        lately = rows
    }

    /// What the newest record on the compacted topic says; before there is one, the first version.
    private var servedVersion: String { Self.champion(of: world.published) ?? "1" }

    private static func champion(of records: [PublishedRecord]) -> String? {
        struct Body: Decodable {
            struct Version: Decodable { var version: String }
            var champion: Version
        }
        guard let value = records.last(where: { $0.topic == "tidewatch.models" })?.value else { return nil }
        do {
            return try JSONDecoder().decode(Body.self, from: Data(value)).champion.version
        } catch {
            return nil
        }
    }

    // MARK: - Versions

    private mutating func registerFirstVersion() throws {
        let state = try StateDirectory(path: directory + "/life-0")
        let rows = rows(300, from: SimulatedLog.start - 8 * Self.hour, isTurned: false)
        let first = try register(rows, in: state.registry, note: "the first")
        try state.registry.promote(
            model: "fraud", version: first.version, reason: "the first version", now: SimulatedLog.start)
    }

    /// Somebody promotes a version that says the contrary of what is right.
    private func promoteByHand(in registry: ModelRegistry) throws {
        let swapped = lately.map { row in
            var row = row
            row.label = row.label == "fraud" ? "fine" : "fraud"
            return row
        }
        let record = try register(swapped, in: registry, note: "by hand")
        try registry.promote(
            model: "fraud", version: record.version, reason: "looked better", now: world.clockMicroseconds)
    }

    private func register(_ rows: [ProductionRow], in registry: ModelRegistry, note: String) throws -> VersionRecord {
        let table = try Table(rows: rows, target: "label")
        var parameters = BoostingParameters()
        parameters.rounds = 5
        parameters.maximumDepth = 2
        let model = try BoostedTreeLearner(parameters: parameters).fit(
            table, target: "label", task: .binary(positive: "fraud"))
        return try registry.register(
            model: "fraud", artifact: try model.serialized(),
            reference: try LiveEffects.encoded(table.dropping(["label"]).referenceProfile),
            lineage: Lineage(trigger: "import", rows: rows.count, note: note), now: SimulatedLog.start)
    }

    private func yaml() -> String {
        """
        agent: {state_directory: unused, workers: 2, checkpoint_interval: 3s, status_interval: 0s}
        sources: {start: earliest, allowed_lateness: 1m, max_age: 30d}
        alerting: {webhooks: [{url: "http://receiver.invalid/hook", secrets: ["\(Simulation.secret)"]}]}
        models:
          - name: fraud
            task: binary
            positive: fraud
            reference: {registry: true}
            window: {length: 2h, slide: 1h}
            max_label_delay: 1h
            quality: {defaults: false}
            drift: {minimum_sample: 20, false_alarms: 1 per 30d}
            performance: {minimum_sample: 20, rules: [{metric: accuracy, raise_below: 0.6, clear: 0.65}]}
            retraining:
              performance_below: {metric: accuracy, value: 0.7}
              cooldown: 2h
              minimum_rows: 80
              maximum_rows: 200
              training_window: 5h
              parameters: {rounds: 5, maximum_depth: 2}
            rollback: {margin: 0.1, minimum_labels: 30, observation: 6h}
        """
    }

    // MARK: - What must hold

    private func broken(_ agent: SimulatedAgent) throws -> [String] {
        var broken: [String] = []
        let registry = agent.state.registry
        let ledger = try registry.history(of: "fraud")
        let versions = try registry.versions(of: "fraud")
        let champions = versions.filter { $0.state == .champion }.map(\.version)
        if champions.count != 1 { broken.append("champions \(champions)") }
        if Self.champion(of: world.published) != champions.first {
            broken.append("published v\(servedVersion), champion \(champions)")
        }
        if ledger.map(\.sequence) != Array(1...Int64(ledger.count)) { broken.append("the ledger has gaps") }
        var serving: String?
        for entry in ledger where entry.event == .promoted || entry.event == .rolledBack {
            if entry.previous != serving {
                broken.append("ledger \(entry.sequence): v\(entry.previous ?? "none") before")
            }
            serving = entry.version
        }
        if serving != champions.first { broken.append("the ledger ends with v\(serving ?? "none")") }
        for version in versions where !ledger.contains(where: { $0.version == version.version }) {
            broken.append("v\(version.version) is not in the ledger")
        }
        broken += publicationFaults(ledger)
        broken += alertFaults()
        broken += try replayFaults(agent.state)
        if try agent.parts.decisions.acting.outbox.statistics().pending > 0 { broken.append("messages wait for ever") }
        broken += world.problems.map { "it complains: \($0)" }
        return broken
    }

    /// Every entry of the ledger was published, and first in its order.
    private func publicationFaults(_ ledger: [LedgerEntry]) -> [String] {
        let said = world.published.compactMap { record in record.headers.first { $0.name == "ce_id" }?.value }
            .filter { $0.hasPrefix("ledger-fraud-") }
        var seen: Set<String> = []
        let first = said.filter { seen.insert($0).inserted }
        let wanted = ledger.map { "ledger-fraud-\($0.sequence)" }
        return first == wanted ? [] : ["published \(first) for \(wanted)"]
    }

    /// The topics' history with the ledger's commands at their places gives the windows that the agent has said.
    private func replayFaults(_ state: StateDirectory) throws -> [String] {
        let replay = try Replay(
            configuration: try AgentConfiguration.parse(yaml()), interval: nil,
            commands: try CommandHistory(of: ["fraud"], in: state.registry),
            scorer: ShadowScorer(registry: state.registry).score)
        let history = try StateDirectory(path: directory + "/replayed").history
        var failure: (any Error)?
        func keep(_ event: AgentEvent) {
            guard case .windowJudged(let window) = event else { return }
            do { try history.append(window) } catch { failure = error }
        }
        replay.expect(Array(0..<topics.partitions))
        let records = topics.records.flatMap { place, records in records.map { (place: place, record: $0) } }
            .sorted { ($0.record.timestampMicroseconds, $0.place) < ($1.record.timestampMicroseconds, $1.place) }
        for (place, record) in records {
            let pipeline = replay.pipeline(of: place.partition, sharesOneTopic: false)
            pipeline.refreshReferences()
            (record.value ?? []).withUnsafeBytes { bytes in
                _ = pipeline.process(
                    bytes, from: place.topic == SimulatedTopics.predictions ? .predictions : .outcomes,
                    offset: record.offset, recordMicroseconds: record.timestampMicroseconds)
            }
            replay.report(pipeline.closePanes(), to: keep)
        }
        if let failure { throw failure }
        let (said, replayed) = (try state.history.windows(of: "fraud"), try history.windows(of: "fraud"))
        guard said != replayed else { return [] }
        let pair = zip(said, replayed).first { $0 != $1 }
        return [
            "said \(said.count) windows, \(replayed.count) in a replay; "
                + (pair.map { "\($0) and \($1)" } ?? "the rest is the same")
        ]
    }

    /// An alert is resolved once it was sent, and says the same each time.
    private func alertFaults() -> [String] {
        var faults: [String] = []
        var bodies: [String: [UInt8]] = [:]
        for message in world.received {
            if let known = bodies[message.id], known != message.body { faults.append("\(message.id) says two things") }
            bodies[message.id] = message.body
            let firing = message.id.replacingOccurrences(of: ".resolved", with: ".firing")
            if bodies[firing] == nil { faults.append("\(message.id) before it fired") }
        }
        return faults
    }
}
