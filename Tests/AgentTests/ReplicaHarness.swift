import Agent
import Events
import Foundation
import KafkaClient
import Registry
import Testing
import TidewatchTestKit

/// Topics, a stream of several models, and agents that share it or one that has it alone.
final class ReplicaHarness {
    static let models = (0..<5).map { "model-\($0)" }
    static let start = LiveHarness.start
    static let hour = LiveHarness.hour
    static let partitions = 6
    static let evaluators = 4

    let cluster: TestCluster
    let directory: String
    /// Predictions of all models in an hour, and as many outcomes.
    private let perHour: Int
    /// What all agents write.
    let log = LineLog()
    private let producer: KafkaProducer
    private var generator: SeededGenerator

    /// - Parameter brokers: of a real cluster; `nil` for an embedded broker.
    init(seed: UInt64 = 3, perHour: Int = 400, brokers: String? = nil) throws {
        self.perHour = perHour
        var topics = [
            ("predictions", Self.partitions), ("outcomes", Self.partitions), ("tidewatch.events", 1),
            ("tidewatch.models", 1),
        ]
        if let brokers {
            cluster = try TestCluster(real: brokers, topics: topics)
        } else {
            // Agents make these where the brokers let them, and the embedded one does not.
            topics += [("tidewatch.panes", Self.evaluators), ("tidewatch.control", 1)]
            cluster = try TestCluster(embedded: topics)
        }
        directory = NSTemporaryDirectory() + "tidewatch-replicas-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        producer = try cluster.producer()
        generator = SeededGenerator(seed: seed)
    }

    deinit {
        producer.close()
        RealData.remove(directory)
    }

    /// - Parameters:
    ///   - replica: its name; `nil` for an agent that does everything itself.
    ///   - state: the folder of its state under the harness's.
    ///   - isStatic: whether a replica is a static member of its groups.
    func yaml(replica: String?, state: String, isStatic: Bool = true) -> String {
        // As many rows as a partition has of a model in an hour: panes that come before the reference are counted whole.
        let models = Self.models.map { model in
            """
              - name: \(model)
                task: binary
                positive: fraud
                reference: {learn: \(max(300, perHour / 20))}
                window: {length: 3h, slide: 1h}
                max_label_delay: 4h
                quality: {defaults: false}
                drift: {minimum_sample: 50, rules: [{statistic: psi, columns: [amount], raise: 0.5, clear: 0.3}]}
                performance: {minimum_sample: 20, rules: [{metric: accuracy, raise_below: 0.4}]}
                retraining: {minimum_rows: 200, drifted_share_above: 0.1, cooldown: 30d, promote: manual, parameters: \
            {rounds: 10}}
            """
        }
        let group = cluster.prefix + (replica == nil ? "alone" : "replicas")
        let instance = replica.flatMap { isStatic ? "instance_id: \($0)" : nil } ?? ""
        let topic = cluster.prefix
        return """
            agent: {state_directory: "\(directory)/\(state)", workers: 1, checkpoint_interval: 200ms}
            kafka:
              bootstrap_servers: "\(cluster.bootstrapServers)"
              group: \(group)
              \(instance)
              properties: {fetch.wait.max.ms: "10", session.timeout.ms: "6000", heartbeat.interval.ms: "500", \
            fetch.message.max.bytes: "8000"\(cluster.yamlProperties)}
            sources: {start: earliest, allowed_lateness: 5m, predictions: {topic: \(topic)predictions}, \
            outcomes: {topic: \(topic)outcomes}}
            publish: {events_topic: \(topic)tidewatch.events, models_topic: \(topic)tidewatch.models}
            replicas: {enabled: \(replica != nil), evaluators: \(Self.evaluators), \
            panes_topic: \(topic)tidewatch.panes, control_topic: \(topic)tidewatch.control}
            models:
            \(models.joined(separator: "\n"))
            """
    }

    func spawn(replica: String?, state: String, isStatic: Bool = true) throws -> LiveProcess {
        let path = "\(directory)/\(replica ?? "alone").yaml"
        try Data(yaml(replica: replica, state: state, isStatic: isStatic).utf8).write(to: URL(fileURLWithPath: path))
        return try LiveProcess(configuration: path, log: log)
    }

    /// Predictions of every model in turn, spread evenly over the hours, with an outcome each within the hour.
    func produce(hours: Range<Int>, shift: Double = 0) throws {
        for number in 0..<(hours.count * perHour) {
            let time = Self.start + Int64(hours.lowerBound) * Self.hour + Int64(number) * (Self.hour / Int64(perHour))
            let id = "p-\(hours.lowerBound)-\(number)"
            let model = Self.models[number % Self.models.count]
            let amount = Double.random(in: 0..<100, using: &generator) + shift
            let score = Double.random(in: 0..<1, using: &generator)
            let label = Double.random(in: 0..<1, using: &generator) < score ? "fraud" : "fine"
            try send(
                "{\"kind\":\"prediction\",\"id\":\"\(id)\",\"time\":\(time),\"model\":\"\(model)\","
                    + "\"features\":{\"amount\":\(amount)},\"score\":\(score)}", id, to: "predictions", at: time)
            try send(
                "{\"kind\":\"outcome\",\"id\":\"\(id)\",\"model\":\"\(model)\",\"label\":\"\(label)\"}", id,
                to: "outcomes", at: time + Self.hour / 2)
            if number % 10_000 == 9_999 { try producer.flush(timeoutMilliseconds: 30_000) }
        }
        try producer.flush(timeoutMilliseconds: 30_000)
    }

    /// The folders in which agents keep what they have decided; of an evaluator that was taken over the newest.
    private func stateFolders() throws -> [String] {
        let files = FileManager.default
        let roots = try files.contentsOfDirectory(atPath: directory).sorted().map { "\(directory)/\($0)" }
        let evaluators = roots.flatMap { root in (0..<Self.evaluators).map { "\(root)/evaluators/\($0)" } }
        let newest = evaluators.compactMap { evaluator in
            (try? files.contentsOfDirectory(atPath: evaluator))?.compactMap { Int($0) }.max().map {
                "\(evaluator)/\($0)"
            }
        }
        return (roots + newest).filter { files.fileExists(atPath: $0 + "/state.sqlite") }
    }

    /// The versions in all registries: model, version, and the digests of artifact and reference.
    func versions() throws -> [[String]] {
        try stateFolders().flatMap { folder in
            let registry = try StateDirectory(path: folder).registry
            return try Self.models.flatMap { model in
                try registry.versions(of: model).map {
                    [$0.model, $0.version, $0.artifactDigest ?? "", $0.referenceDigest ?? ""]
                }
            }
        }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// What has been judged of each model, in the folders of all agents; what several say alike is there once.
    func windows(endingBy hour: Int) throws -> [String: [WindowHistory.Entry]] {
        var found: [String: [WindowHistory.Entry]] = [:]
        for folder in try stateFolders() {
            let history = try StateDirectory(path: folder).history
            for model in Self.models {
                let known = found[model, default: []]
                found[model, default: []] += try history.windows(of: model).filter {
                    $0.endMicroseconds <= Self.start + Int64(hour) * Self.hour && !known.contains($0)
                }
            }
        }
        return found.mapValues { $0.sorted { ($0.endMicroseconds, $0.kind) < ($1.endMicroseconds, $1.kind) } }
    }

    /// Waits until a window of every model that ends at `hour` or later has been judged, and one of its pairs.
    func waitForWindows(endingAt hour: Int) throws {
        let wanted = Self.start + Int64(hour) * Self.hour
        let timeout = 120 + Double(perHour) / 100
        try log.wait("windows of every model that end at hour \(hour)", timeout: timeout) { lines in
            let windows = lines.compactMap(Self.window)
            return Self.models.allSatisfy { model in
                ["drift", "performance"].allSatisfy { kind in
                    windows.contains { $0.model == model && $0.kind == kind && $0.end >= wanted }
                }
            } ? () : nil
        }
    }

    /// Waits until every alert that an agent has raised or resolved is on the events topic.
    func waitForAlerts() throws {
        try log.wait("every alert on the events topic") { lines in
            let events = lines.compactMap { try? JSONDecoder().decode(Alerted.self, from: Data($0.utf8)) }
            let sent = Set(events.compactMap(\.message))
            let said = events.compactMap { event in
                event.alert.map { $0 + (event.event == "alert_resolved" ? ".resolved" : ".firing") }
            }
            return sent.isSuperset(of: said) ? () : nil
        }
    }

    /// Waits until every model has been retrained.
    func waitForVersions() throws {
        try log.wait("a new version of every model") { lines in
            Self.models.allSatisfy { model in
                lines.contains {
                    ($0.contains("version_published") || $0.contains("version_rejected")) && $0.contains("\"\(model)\"")
                }
            } ? () : nil
        }
    }

    private struct Alerted: Decodable {
        var event: String
        var alert: String?
        var message: String?
    }

    private struct Window: Decodable {
        var event: String
        var model: String
        var kind: String
        var end: String
    }

    private static func window(_ line: String) -> (model: String, kind: String, end: Int64)? {
        guard line.contains("\"event\":\"window\""),
            let window = try? JSONDecoder().decode(Window.self, from: Data(line.utf8)),
            let end = EventTime.parse(window.end)
        else { return nil }
        return (window.model, window.kind, end)
    }

    /// The ids of the alerts on the events topic.
    func alerts() throws -> [String] {
        let topic = cluster.prefix + "tidewatch.events"
        let consumer = try KafkaConsumer(
            withoutGroup: ConsumerSettings(
                bootstrapServers: cluster.bootstrapServers, groupID: cluster.prefix + "alerts", topics: [topic],
                properties: cluster.properties.merging(["fetch.wait.max.ms": "10"]) { $1 }))
        defer { consumer.close() }
        let place = TopicPartition(topic: topic, partition: 0)
        let end = try consumer.offsetRange(of: place).high
        try consumer.read(from: [place: 0])
        var ids: [String] = []
        var next: Int64 = 0
        while next < end {
            for case .batch(let batch) in try consumer.poll(maximum: 1_000, timeoutMilliseconds: 100) {
                next = batch.nextOffset
                batch.visit { message in
                    guard let header = message.headers().first(where: { $0.name == "ce_id" }) else { return }
                    ids.append(String(decoding: header.value, as: UTF8.self))
                }
            }
        }
        return ids
    }

    private func send(_ text: String, _ key: String, to topic: String, at time: Int64) throws {
        try producer.send(
            topic: cluster.prefix + topic, key: Array(key.utf8), value: Array(text.utf8),
            timestampMicroseconds: time)
    }
}
