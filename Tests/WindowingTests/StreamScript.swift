import Events
import Statistics
import TidewatchTestKit
import Windowing

/// A made-up log of one partition: two topics, each a fixed sequence of records, that a test may interleave and cut as
/// it likes.
struct StreamScript {
    struct Record: Equatable {
        var recordMicroseconds: Int64
        var value: [UInt8]
    }

    static let start: Int64 = 1_767_225_600_000_000
    static let minute: Int64 = 60_000_000
    static let model = "fraud"

    var predictions: [Record] = []
    var outcomes: [Record] = []

    /// `count` predictions over an hour, slightly out of order, some twice, some late; outcomes follow after up to half
    /// an hour, some twice, some before their prediction, some never.
    init(seed: UInt64, count: Int) {
        var generator = SeededGenerator(seed: seed)
        func uniform() -> Double { Double.random(in: 0..<1, using: &generator) }
        var labelled: [(time: Int64, record: Record)] = []
        for number in 0..<count {
            let time = Self.start + Int64(Double(number) / Double(count) * 60 * Double(Self.minute))
            let isLate = uniform() < 0.02
            let eventTime = isLate ? time - 20 * Self.minute : time - Int64(uniform() * 20_000_000)
            let version = uniform() < 0.8 ? "1" : "2"
            let score = (uniform() * 1_000).rounded() / 1_000
            let country = ["KR", "DE", "US", "FR"][Int(uniform() * 4)]
            let prediction = Record(
                recordMicroseconds: time,
                value: Self.prediction(number, time: eventTime, version: version, score: score, country: country))
            predictions.append(prediction)
            if uniform() < 0.03 { predictions.append(prediction) }
            guard uniform() < 0.9 else { continue }
            let delay = Int64(uniform() * 30 * Double(Self.minute)) - (uniform() < 0.1 ? 2 * Self.minute : 0)
            let label = uniform() < score ? "fraud" : "fine"
            let outcome = Record(recordMicroseconds: time + delay, value: Self.outcome(number, label: label))
            labelled.append((time + delay, outcome))
            if uniform() < 0.03 { labelled.append((time + delay + 1_000, outcome)) }
        }
        outcomes = labelled.sorted { $0.time < $1.time }.map(\.record)
    }

    static func prediction(
        _ number: Int, time: Int64, version: String, score: Double, country: String
    ) -> [UInt8] {
        Array(
            """
            {"kind":"prediction","id":"p-\(number)","time":\(time),"model":"\(model)","version":"\(version)",\
            "features":{"amount":\(Double(number % 97) + score),"country":"\(country)","new":\(number % 3 == 0)},\
            "score":\(score),"value":\(100 * score),"label":"\(score >= 0.5 ? "fraud" : "fine")"}
            """.utf8)
    }

    static func outcome(_ number: Int, label: String) -> [UInt8] {
        Array(
            "{\"kind\":\"outcome\",\"id\":\"p-\(number)\",\"model\":\"\(model)\",\"label\":\"\(label)\",\"value\":\(number)}"
                .utf8)
    }

    /// Two of the reference's three countries, ranges of a number, a flag, and a feature that the reference lacks.
    static let segments = SegmentSettings(
        columns: ["country", "amount", "new", "colour"], maximumValues: 2, countsDrift: true)

    /// A model that watches the script: panes of five minutes, windows of four.
    static func settings(
        task: ModelTask = .binary(positive: "fraud"), rowsPerPane: Int = 40, maximumWaiting: Int = 100_000,
        segments: SegmentSettings = Self.segments
    ) -> ModelSettings {
        ModelSettings(
            name: model, task: task,
            geometry: PaneGeometry(windowMicroseconds: 20 * minute, slideMicroseconds: 5 * minute),
            maximumLabelDelayMicroseconds: 25 * minute, maximumWaiting: maximumWaiting, rowsPerPane: rowsPerPane,
            learnedRows: 50, segments: segments, sampledRows: 20, estimatesPerformance: true)
    }

    /// A reference for version 1; version 2 has none and learns.
    static func catalog() -> ReferenceCatalog {
        let catalog = ReferenceCatalog()
        let profile = ReferenceBuilder.build(columns: [
            (name: "amount", values: .numeric((0..<500).map { Double($0 % 97) + 0.5 })),
            (name: "country", values: .categorical((0..<500).map { ["KR", "DE", "US"][$0 % 3] })),
            (name: "new", values: .boolean((0..<500).map { $0 % 3 == 0 })),
        ])
        catalog.set(ReferenceEncoder(profile), for: ModelVersionKey(model: model, version: "1"))
        return catalog
    }

    static func pipeline(_ catalog: ReferenceCatalog, settings: ModelSettings? = nil) -> PartitionPipeline {
        PartitionPipeline(
            partition: 3, models: [settings ?? Self.settings()], catalog: catalog, limits: .unlimited,
            allowedLatenessMicroseconds: minute)
    }
}

/// Everything that a pipeline has handed over.
struct Collected: Equatable {
    var drift: [ClosedDriftPane] = []
    var performance: [ClosedPerformancePane] = []
    var labels: [ClosedLabelPane] = []

    mutating func take(_ output: PartitionOutput) {
        drift += output.driftPanes
        performance += output.performancePanes
        labels += output.labelPanes
    }

    /// Independent of the moments at which panes were handed over.
    var sorted: Collected {
        Collected(
            drift: drift.sorted { ($0.key, $0.pane) < ($1.key, $1.pane) },
            performance: performance.sorted { ($0.key, $0.pane) < ($1.key, $1.pane) },
            labels: labels.sorted { ($0.key, $0.pane) < ($1.key, $1.pane) })
    }
}
