import Foundation

/// The loop on real data: Elec2 through the embedded broker, a model trained on its first 10,000 rows, and next to it
/// the same model frozen.
struct ElectricityStory {
    static let trainingRows = 10_000
    private static let rowsPerStep = 96

    let path: String
    let options: DemoOptions
    let directory: String
    let teller: StoryTeller

    func tell() throws {
        let configuration = try AgentConfiguration.load(
            path: options.configurationPath, environment: ProcessInfo.processInfo.environment)
        let rows = try ElectricityStream.rows(path: path)
        teller.chapter("Elec2: a model of the first \(Self.trainingRows) half-hours goes into production")
        teller.advance(to: rows.prefix(Self.trainingRows).last?.timeMicroseconds ?? 0)
        let demonstration = try Demonstration(
            configuration: configuration, training: Array(rows.prefix(Self.trainingRows)),
            labelDelayMicroseconds: 2 * LoanStream.day, directory: directory, observer: teller.observe)
        let frozen = try FrozenModel(demonstration)
        var live = 0
        var still = 0
        var served = 0
        for start in stride(from: Self.trainingRows, to: rows.count, by: Self.rowsPerStep) {
            let step = Array(rows[start..<min(start + Self.rowsPerStep, rows.count)])
            teller.advance(to: step.last?.timeMicroseconds ?? 0)
            live += try demonstration.serve(step).count { $0 }
            still += try frozen.serve(step).count { $0 }
            served += step.count
        }
        try demonstration.finish()
        teller.done(
            [
                (name: "champions", rows: served, accuracy: Double(live) / Double(served)),
                (name: "v1, frozen", rows: served, accuracy: Double(still) / Double(served)),
            ], summary: "The same rows, with and without Tidewatch.")
    }
}
