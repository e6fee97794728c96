import Agent
import Testing

/// What the agents of a ``ReplicaHarness`` read: hours as usual, hours in which `amount` has moved, and hours as usual.
struct ReplicaStory {
    let hours = 30
    var perHour = 400

    func harness(brokers: String? = nil) throws -> ReplicaHarness {
        try ReplicaHarness(perHour: perHour, brokers: brokers)
    }

    /// What agents have said and done.
    struct Outcome {
        var windows: [String: [WindowHistory.Entry]]
        var alerts: Set<String>
        var versions: [[String]]

        init(_ harness: ReplicaHarness, hours: Int) throws {
            windows = try harness.windows(endingBy: hours)
            alerts = Set(try harness.alerts().filter { $0.hasSuffix(".firing") || $0.hasSuffix(".resolved") })
            versions = try harness.versions()
        }
    }

    /// The hours that are judged, and some after them.
    var allHours: Range<Int> { 0..<(hours + 6) }

    func produce(_ harness: ReplicaHarness) throws {
        for hour in allHours { try produce(harness, hour: hour) }
    }

    func produce(_ harness: ReplicaHarness, hour: Int) throws {
        try harness.produce(hours: hour..<(hour + 1), shift: (12..<16).contains(hour) ? 70 : 0)
    }

    /// What one agent says that nothing disturbs.
    func alone(brokers: String?) throws -> Outcome {
        let harness = try harness(brokers: brokers)
        try produce(harness)
        let agent = try harness.spawn(replica: nil, state: "alone")
        try waitForTheEnd(harness)
        agent.kill()
        return try Outcome(harness, hours: hours)
    }

    func waitForTheEnd(_ harness: ReplicaHarness) throws {
        try harness.waitForWindows(endingAt: hours + 1)
        try harness.waitForAlerts()
        try harness.waitForVersions()
    }

    /// - Parameter versions: whether the same versions are expected too.
    func check(_ harness: ReplicaHarness, against expected: Outcome, versions: Bool = true) throws {
        let found = try Outcome(harness, hours: hours)
        for model in ReplicaHarness.models {
            #expect(expected.windows[model, default: []].count > 40)
            let differences = found.windows[model, default: []].difference(from: expected.windows[model, default: []])
            #expect(differences.isEmpty, "\(model): \(differences)")
        }
        #expect(expected.alerts.count >= ReplicaHarness.models.count)
        #expect(found.alerts == expected.alerts)
        #expect(expected.versions.count == ReplicaHarness.models.count, "each model is retrained once")
        if versions { #expect(found.versions == expected.versions) }
    }
}
