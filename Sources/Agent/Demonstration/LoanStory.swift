import Foundation

/// The built-in story: loan applications, a world that changes on one day, and a bad version promoted by hand.
public struct LoanStory {
    private static let driftDay = 30
    private static let badVersionDay = 62
    private static let lastDay = 80
    private static let trainingDays = 15

    let seed: UInt64
    let daysPerSecond: Double
    let directory: String
    let teller: StoryTeller?
    let observer: AgentObserver

    /// Plays the story without telling it.
    ///
    /// - Returns: how each version did.
    public static func play(
        seed: UInt64, directory: String, observer: @escaping AgentObserver
    ) throws -> [String: SimulatedProduction.Score] {
        try LoanStory(seed: seed, daysPerSecond: 0, directory: directory, teller: nil, observer: observer).play()
    }

    /// Tells the story and its score.
    func tell() throws {
        let scores = try play().sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }
        teller?.done(
            scores.map { (name: "v\($0.key)", rows: $0.value.rows, accuracy: $0.value.accuracy) },
            summary: "Next: tidewatch run --config config/tidewatch.yaml")
    }

    private func play() throws -> [String: SimulatedProduction.Score] {
        var stream = LoanStream(seed: seed, driftDay: Self.driftDay)
        let perDay = stream.rowsPerDay
        let training = stream.next(Self.trainingDays * perDay)
        teller?.chapter("A lender's model, trained on \(Self.trainingDays) days, goes into production")
        teller?.advance(to: training.last?.timeMicroseconds ?? 0)
        let configuration = try AgentConfiguration.parse(Self.configuration, path: "the demonstration's configuration")
        let demonstration = try Demonstration(
            configuration: configuration, training: training, labelDelayMicroseconds: LoanStream.day,
            directory: directory, observer: observer)
        teller?.remark("The embedded Kafka broker listens on \(demonstration.bootstrapServers).")
        var recent: [ProductionRow] = []
        for day in Self.trainingDays..<Self.lastDay {
            let started = Date()
            if day == Self.driftDay { teller?.chapter("Day \(day): the world changes (the agent is not told)") }
            if day == Self.badVersionDay {
                teller?.chapter("Day \(day): somebody promotes a version trained on swapped labels, by hand")
                _ = try demonstration.promoteByHand(
                    trainedOn: recent.map(Self.swapped), reason: "looked better in a notebook")
            }
            let rows = stream.next(perDay)
            teller?.advance(to: rows.last?.timeMicroseconds ?? 0)
            let version = demonstration.production.version ?? "?"
            let right = try demonstration.serve(rows)
            recent = Array((recent + rows).suffix(10 * perDay))
            if day % 5 == 4 {
                let accuracy = Double(right.count { $0 }) / Double(right.count)
                teller?.remark(String(format: "day %d: v%@ served, %.0f %% right", day + 1, version, accuracy * 100))
            }
            pace(since: started)
        }
        try demonstration.finish()
        return demonstration.production.served
    }

    private static func swapped(_ row: ProductionRow) -> ProductionRow {
        var row = row
        row.label = row.label == LoanStream.positive ? "repaid" : LoanStream.positive
        return row
    }

    private func pace(since start: Date) {
        guard daysPerSecond > 0 else { return }
        Thread.sleep(until: start.addingTimeInterval(1 / daysPerSecond))
    }

    static let configuration = """
        models:
          - name: loans
            task: binary
            positive: default
            reference: {registry: true}
            window: {length: 4d, slide: 1d}
            max_label_delay: 3d
            drift:
              minimum_sample: 400
              false_alarms: 1 per 30d
            performance:
              minimum_sample: 400
              rules:
                - {metric: accuracy, raise_below: 0.8, clear: 0.82, severity: critical}
            retraining:
              performance_below: {metric: accuracy, value: 0.8}
              drifted_share_above: 0.1
              cooldown: 3d
              minimum_rows: 2000
              maximum_rows: 5000
              training_window: 12d
              parameters: {rounds: 60, maximum_depth: 4}
            rollback: {margin: 0.05, minimum_labels: 300, observation: 20d}
        """
}
