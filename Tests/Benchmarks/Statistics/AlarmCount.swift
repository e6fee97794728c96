import Detection
import Foundation
import Statistics

/// How often a detector raised an alarm, column by column.
struct AlarmCount: Sendable {
    private(set) var alarms: [Int]
    /// How often each kind of change was named.
    private(set) var changes: [String: Int] = [:]
    private var isRaised: [Bool]

    init(columns: Int) {
        alarms = Array(repeating: 0, count: columns)
        isRaised = Array(repeating: false, count: columns)
    }

    mutating func add(_ verdicts: [Verdict]) {
        for (index, verdict) in verdicts.enumerated() {
            let isDrift = verdict.status == .drift
            if isDrift, !isRaised[index] {
                alarms[index] += 1
                changes[verdict.evidence?.change?.description ?? "", default: 0] += 1
            }
            isRaised[index] = isDrift
        }
    }

    var total: Int { alarms.reduce(0, +) }
}

/// The exact 95 % interval of a Poisson mean after `count` events (Garwood 1936).
enum PoissonInterval {
    static func bounds(_ count: Int) -> ClosedRange<Double> {
        let high = bisect(0, Double(count) * 3 + 20) { below(count, $0) > 0.025 }
        let low = count == 0 ? 0 : bisect(0, Double(count) + 1) { 1 - below(count - 1, $0) < 0.025 }
        return low...max(low, high)
    }

    /// P(N ≤ count).
    private static func below(_ count: Int, _ mean: Double) -> Double {
        var term = exp(-mean)
        var sum = term
        for k in stride(from: 1, through: count, by: 1) {
            term *= mean / Double(k)
            sum += term
        }
        return sum
    }

    private static func bisect(_ low: Double, _ high: Double, _ isBelow: (Double) -> Bool) -> Double {
        var (low, high) = (low, high)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if isBelow(middle) { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}

/// One row of a budget table, checked against its budget.
struct BudgetRow {
    var name: String
    var alarms: Int
    var months: Double
    /// Alarms per month.
    var budget: Double
    /// Which columns alarmed, and why.
    var remark = ""

    /// - Throws: where even the lower end of the interval is above the budget.
    func printed() throws {
        let bounds = PoissonInterval.bounds(alarms)
        let (low, high) = (bounds.lowerBound / months, bounds.upperBound / months)
        print(
            name.padding(toLength: 58, withPad: " ", startingAt: 0)
                + String(
                    format: "%8.1f %8d %12.3f   [%.3f, %.3f] %8.2f", months, alarms, Double(alarms) / months, low, high,
                    budget))
        if !remark.isEmpty { print("    " + remark) }
        if low > budget { throw BenchmarkError("\(name): \(low)…\(high) false alarms per month, budget \(budget)") }
    }

    static func printHeader() {
        print(
            "stream".padding(toLength: 58, withPad: " ", startingAt: 0)
                + "  months   alarms    per month   95 % interval     budget")
    }
}

enum BenchmarkScale {
    /// `TIDEWATCH_SIMULATIONS` multiplies the repetitions; 1 without.
    static var factor: Double { Double(ProcessInfo.processInfo.environment["TIDEWATCH_SIMULATIONS"] ?? "") ?? 1 }
    static func runs(_ count: Int) -> Int { max(1, Int((Double(count) * factor).rounded())) }
    static let hour: Int64 = 3_600_000_000

    static func budgets() -> [(name: String, budget: FalseAlarmBudget, perMonth: Double)] {
        let day = 24 * hour
        return [
            ("1 per week", FalseAlarmBudget(count: 1, periodMicroseconds: 7 * day), 30.0 / 7),
            ("1 per month", FalseAlarmBudget(count: 1, periodMicroseconds: 30 * day), 1),
        ]
    }
}
