import Foundation

/// A seeded stream of loan applications for the demonstration: what lenders see, and who defaults.
///
/// On `driftDay` the world changes: a new sales channel brings younger applicants with higher amounts, and the debt
/// ratio that used to be harmless starts to decide. A model of the old world goes on scoring, and gets worse.
struct LoanStream {
    static let modelName = "loans"
    static let positive = "default"
    /// 2026-01-01T00:00:00Z.
    static let start: Int64 = 1_767_225_600_000_000
    static let day: Int64 = 86_400_000_000

    let rowsPerDay: Int
    let driftDay: Int
    private var generator: LoanGenerator
    private var number = 0

    init(seed: UInt64, rowsPerDay: Int = 400, driftDay: Int) {
        self.rowsPerDay = rowsPerDay
        self.driftDay = driftDay
        generator = LoanGenerator(seed: seed)
    }

    /// The next application.
    mutating func next() -> ProductionRow {
        let time = Self.start + Int64(number) * (Self.day / Int64(rowsPerDay))
        let isDrifted = number / rowsPerDay >= driftDay
        number += 1
        let age = 18 + 50 * generator.uniform() * (isDrifted ? 0.7 : 1)
        let amount = exp(8.5 + 0.6 * generator.normal() + (isDrifted ? 0.4 : 0))
        let income = exp(10.2 + 0.4 * generator.normal())
        let debtRatio = min(1, max(0, 0.35 + 0.2 * generator.normal()))
        let isKnownCustomer = generator.uniform() < 0.6
        let channel = generator.choose(isDrifted ? [0.2, 0.2, 0.6] : [0.5, 0.4, 0.1])
        let burden = 12 * amount / income
        let logit =
            isDrifted
            ? -0.4 + 7 * (debtRatio - 0.35) - 0.5 * burden - (isKnownCustomer ? 0.9 : 0) + (channel == 2 ? 0.7 : 0)
            : -2.4 + 1.1 * burden - (isKnownCustomer ? 1.4 : 0) + (channel == 2 ? 1 : 0) - 0.02 * (age - 40)
        let defaults = generator.uniform() < 1 / (1 + exp(-2 * logit))
        return ProductionRow(
            timeMicroseconds: time,
            features: [
                ("age", .number(age.rounded())), ("amount", .number((amount * 100).rounded() / 100)),
                ("channel", .text(["branch", "web", "partner"][channel])),
                ("debt_ratio", generator.uniform() < 0.03 ? .missing : .number((debtRatio * 1_000).rounded() / 1_000)),
                ("income", .number((income * 100).rounded() / 100)), ("known_customer", .boolean(isKnownCustomer)),
            ],
            label: defaults ? Self.positive : "repaid")
    }

    /// The next `count` applications.
    mutating func next(_ count: Int) -> [ProductionRow] {
        (0..<count).map { _ in next() }
    }
}

/// SplitMix64 with the few distributions that the stream needs.
private struct LoanGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((mixed ^ (mixed >> 31)) >> 11) * 0x1p-53
    }

    /// Box–Muller, one of the pair.
    mutating func normal() -> Double {
        (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
    }

    mutating func choose(_ probabilities: [Double]) -> Int {
        var rest = uniform()
        for (index, probability) in probabilities.enumerated() {
            rest -= probability
            if rest < 0 { return index }
        }
        return probabilities.count - 1
    }
}
