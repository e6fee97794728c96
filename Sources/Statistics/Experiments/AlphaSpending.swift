import CBoostMath
import Foundation

/// How much of the level has been spent once a share t of the information is in (Lan and DeMets 1983). α(0) = 0 and
/// α(1) = α; for two-sided bounds each side spends α/2 by the same function.
public enum AlphaSpending: Sendable, Equatable, Codable {
    /// Like O'Brien and Fleming 1979: 2(1 − Φ(z_{α/2}/√t)). Almost nothing early, so that the last look is nearly the
    /// fixed-horizon test.
    case obrienFleming
    /// Like Pocock 1977: α·ln(1 + (e − 1)t). Nearly the same bound at every look.
    case pocock
    /// Kim and DeMets 1987: α·t^ρ, ρ > 0. ρ = 1 is about Pocock's, 3 about O'Brien and Fleming's.
    case power(Double)

    /// What has been spent at t in 0…1.
    public func spent(_ t: Double, alpha: Double) -> Double {
        guard t > 0 else { return 0 }
        guard t < 1 else { return alpha }
        return switch self {
        case .obrienFleming: 2 * td_normal_upper_tail(td_normal_quantile(1 - alpha / 2) / t.squareRoot())
        case .pocock: alpha * log1p((M_E - 1) * t)
        case .power(let exponent): alpha * pow(t, exponent)
        }
    }

    /// `obrien_fleming`, `pocock`, `power:2`: the name in options and reports.
    public var name: String {
        switch self {
        case .obrienFleming: "obrien_fleming"
        case .pocock: "pocock"
        case .power(let exponent): "power:\(exponent)"
        }
    }

    /// `nil` for another name, or an exponent that is not a positive number.
    public init?(name: String) {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        switch (parts.first, parts.count) {
        case ("obrien_fleming", 1): self = .obrienFleming
        case ("pocock", 1): self = .pocock
        case ("power", 2):
            guard let exponent = Double(parts[1]), exponent > 0, exponent.isFinite else { return nil }
            self = .power(exponent)
        default: return nil
        }
    }
}
