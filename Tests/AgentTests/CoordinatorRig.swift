import Events
import TidewatchTestKit
import Windowing

@testable import Agent

/// A coordinator and the partitions that feed it: events at known times, handed over when a test says so.
final class CoordinatorRig {
    static let hour: Int64 = 3_600_000_000
    static let start: Int64 = 1_767_225_600_000_000

    let coordinator: Coordinator
    let pipelines: [PartitionPipeline]
    private var offsets: [Int64]

    /// Drift and accuracy of the model `m` in windows of four hours; its reference is learned.
    static func configuration() throws -> AgentConfiguration {
        try AgentConfiguration.parse(
            """
            models:
              - name: m
                task: binary
                positive: "yes"
                reference: {learn: 100}
                window: {length: 4h, slide: 1h}
                drift: {minimum_sample: 20}
                performance: {rules: [{metric: accuracy, raise_below: 0.5}]}
            """)
    }

    init(_ configuration: AgentConfiguration, partitions: Int = 1) throws {
        let catalog = ReferenceCatalog()
        let files = try ReferenceFile.load(of: configuration, into: catalog)
        coordinator = Coordinator(configuration: configuration, catalog: catalog, files: files) { _, _, _ in
            throw CommandStop(exitCode: 1)
        }
        pipelines = (0..<partitions).map { number in
            PartitionPipeline(
                partition: Int32(number),
                models: configuration.models.map { $0.windowing(limits: configuration.limits) },
                catalog: catalog, limits: configuration.sources.eventLimits(configuration.limits),
                allowedLatenessMicroseconds: configuration.sources.allowedLateness, sharesOneTopic: true)
        }
        offsets = Array(repeating: 0, count: partitions)
        coordinator.expect((0..<Int32(partitions)).map { $0 })
    }

    /// Each hour so many predictions of the model `m`, and their outcomes at once; `value` is the feature `a` of each.
    func feed(
        hours: Range<Int>, perHour: Int = 10, version: String = "1", partition: Int = 0, value: (Int) -> Double
    ) {
        for number in hours.lowerBound * perHour..<hours.upperBound * perHour {
            let time = Self.start + Int64(number) * Self.hour / Int64(perHour)
            let head =
                "\"id\":\"\(version)-\(partition)-\(number)\",\"model\":\"m\",\"time\":\"\(EventTime.format(time))\""
            let label = number % 3 == 0 ? "yes" : "no"
            process(
                "{\"kind\":\"prediction\",\(head),\"version\":\"\(version)\",\"features\":{\"a\":\(value(number))},"
                    + "\"score\":0.\(number % 9 + 1),\"label\":\"\(label)\"}", at: time, partition: partition)
            process("{\"kind\":\"outcome\",\(head),\"label\":\"\(label)\"}", at: time, partition: partition)
        }
    }

    /// The log loses the next records of a partition before they are read.
    func lose(_ records: Int64, partition: Int = 0) {
        offsets[partition] += records
        pipelines[partition].losePlace(of: .predictions)
    }

    /// The topic is made anew: offsets begin at zero.
    func makeAnew(partition: Int = 0) {
        offsets[partition] = 0
        pipelines[partition].losePlace(of: .predictions)
    }

    /// What the coordinator says to the panes that a partition has closed.
    @discardableResult
    func handOver(_ partition: Int = 0) -> [CoordinatorAction] {
        pipelines[partition].refreshReferences()
        return coordinator.accept(pipelines[partition].closePanes())
    }

    private func process(_ text: String, at time: Int64, partition: Int) {
        Array(text.utf8).withUnsafeBytes {
            _ = pipelines[partition].process(
                $0, from: .predictions, offset: offsets[partition], recordMicroseconds: time)
        }
        offsets[partition] += 1
    }
}

extension [CoordinatorAction] {
    var windows: [JudgedWindow] { compactMap { if case .windowJudged(let window) = $0 { window } else { nil } } }
    var problems: [String] { compactMap { if case .problem(let text) = $0 { text } else { nil } } }
}
