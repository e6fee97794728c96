import Foundation

/// The benchmark's events: about 300 bytes, six numeric and four categorical features, seeded.
struct BenchmarkEvents {
    static let model = "bench"
    /// The models that take turns where there are several.
    static let models = [model] + (1..<10).map { "\(model)-\($0)" }
    /// 2026-01-01T00:00:00Z, microseconds.
    static let start: Int64 = 1_767_225_600_000_000
    /// Panes that the events are spread over.
    static let panes = 62
    /// Length of a pane, microseconds.
    static let slide: Int64 = 60_000_000

    let total: Int
    private let models: [String]
    private var state: UInt64

    init(total: Int, models: [String] = [BenchmarkEvents.model], seed: UInt64 = 1) {
        self.total = total
        self.models = models
        state = seed
    }

    /// The time of event `number`, microseconds since 1970 UTC.
    func time(of number: Int) -> Int64 {
        Self.start + Int64(Double(number) / Double(total) * Double(Self.panes) * Double(Self.slide))
    }

    /// The message of event `number`.
    mutating func message(_ number: Int) -> [UInt8] {
        let microseconds = time(of: number)
        var text =
            "{\"kind\":\"prediction\",\"id\":\"p-\(number)\",\"time\":\(microseconds),\"model\":\"\(models[number % models.count])\",\"unit\":\"user-\(number % 100_000)\",\"variant\":\"main\","
        text += "\"features\":{\"amount\":\(decimal(2_000, 2)),\"income\":\(decimal(90_000, 1)),\"age\":\(whole(80)),"
        text += "\"balance\":\(decimal(10_000, 2)),\"ratio\":\(decimal(1, 4)),\"tenure\":\(whole(240)),"
        text += "\"country\":\"\(pick(Self.countries))\",\"channel\":\"\(pick(Self.channels))\","
        text += "\"device\":\"\(pick(Self.devices))\",\"tier\":\"\(pick(Self.tiers))\"},\"score\":\(decimal(1, 4))}"
        return Array(text.utf8)
    }

    /// The features of the first 5,000 events, as the table that the reference is made from.
    static func writeReference(to path: String) throws {
        var events = BenchmarkEvents(total: 5_000)
        var lines = Data()
        for number in 0..<5_000 {
            let message = try JSONSerialization.jsonObject(with: Data(events.message(number))) as? [String: Any]
            lines += try JSONSerialization.data(withJSONObject: message?["features"] ?? [:]) + Data("\n".utf8)
        }
        try lines.write(to: URL(fileURLWithPath: path))
    }

    private static let countries = (0..<40).map { "C\($0)" }
    private static let channels = ["app", "web", "branch", "partner", "phone"]
    private static let devices = (0..<12).map { "device-\($0)" }
    private static let tiers = ["basic", "silver", "gold"]

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    private mutating func whole(_ limit: UInt64) -> UInt64 { next() % limit }

    private mutating func decimal(_ limit: UInt64, _ digits: Int) -> String {
        var scale: UInt64 = 1
        for _ in 0..<digits { scale *= 10 }
        let number = next() % (limit * scale)
        let fraction = String(number % scale)
        return "\(number / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices[Int(next() % UInt64(choices.count))]
    }
}
