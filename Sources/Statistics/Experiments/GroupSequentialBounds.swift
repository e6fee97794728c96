import CBoostMath
import Foundation

/// The bounds of a group-sequential test: at look k it rejects when |Z| (one-sided: Z) passes `bounds[k]`, and over all
/// looks together it rejects a true "no difference" with probability α.
///
/// Each bound spends what the spending function allows, given that no earlier one was crossed: the recursion of Armitage,
/// McPherson and Rowe 1969 on the density of the score S = Z·√t of the paths still going on, integrated numerically
/// (`GaussPanels`). The bounds are exact to about 1e-10; grids of step 0.05, as ldbounds and spotify-confidence have them,
/// differ from these in the fifth digit.
public struct GroupSequentialBounds: Sendable, Equatable {
    /// The shares of the planned information at the looks, increasing, at most 1.
    public let fractions: [Double]
    /// On the scale of Z.
    public let bounds: [Double]

    /// A bound beyond this spends less than 1e-15: such a look cannot stop the experiment.
    static let maximumBound = 8.0

    /// At 0.25, 0.5, 0.75 and 1 of the information, two-sided 0.05, O'Brien–Fleming: 4.333, 2.963, 2.359, 2.014.
    /// - Precondition: at least one look; fractions in (0, 1], increasing; sides 1 or 2.
    public init(
        fractions: [Double], alpha: Double = 0.05, sides: Int = 2, spending: AlphaSpending = .obrienFleming
    ) {
        precondition(sides == 1 || sides == 2, "a test has one side or two")
        precondition(!fractions.isEmpty, "a group-sequential test has looks")
        precondition(
            fractions[0] > 0 && fractions[fractions.count - 1] <= 1
                && zip(fractions, fractions.dropFirst()).allSatisfy { $0 < $1 },
            "looks come at increasing shares of the information")
        self.fractions = fractions
        var recursion = Recursion(fractions: fractions, isTwoSided: sides == 2)
        var spent = 0.0
        var bounds: [Double] = []
        for fraction in fractions {
            let allowed = spending.spent(fraction, alpha: alpha / Double(sides))
            bounds.append(recursion.advance(spending: max(0, allowed - spent)))
            spent = allowed
        }
        self.bounds = bounds
    }
}

/// The law of the paths that have crossed no bound so far.
private struct Recursion {
    let fractions: [Double]
    let isTwoSided: Bool
    private var look = 0
    /// Where the density of S is known, and density times integration weight there.
    private var points: [Double] = [0]
    private var masses: [Double] = [1]

    init(fractions: [Double], isTwoSided: Bool) {
        self.fractions = fractions
        self.isTwoSided = isTwoSided
    }

    /// The bound of the next look, which the paths cross (upwards) with probability `spending`.
    mutating func advance(spending: Double) -> Double {
        let fraction = fractions[look]
        let step = step(look)
        let bound = bound(spending, fraction.squareRoot(), step)
        look += 1
        guard look < fractions.count else { return bound }
        let high = bound * fraction.squareRoot()
        let low = isTwoSided ? -high : -9 * fraction.squareRoot()
        let panels = GaussPanels(from: low, to: high, width: min(step, self.step(look)))
        let scale = 1 / (step * (2 * Double.pi).squareRoot())
        masses = zip(panels.points, panels.weights).map { point, weight in
            var density = 0.0
            for (earlier, mass) in zip(points, masses) {
                let z = (point - earlier) / step
                density += mass * exp(-z * z / 2)
            }
            return density * scale * weight
        }
        points = panels.points
        return bound
    }

    /// The standard deviation of what S gains up to a look.
    private func step(_ look: Int) -> Double {
        (fractions[look] - (look > 0 ? fractions[look - 1] : 0)).squareRoot()
    }

    /// Newton's method, kept inside a bracket that shrinks: the probability falls as the bound rises.
    private func bound(_ spending: Double, _ scale: Double, _ step: Double) -> Double {
        var (low, high) = (-GroupSequentialBounds.maximumBound, GroupSequentialBounds.maximumBound)
        guard crossing(high, scale, step).probability < spending else { return high }
        var bound = 2.0
        for _ in 0..<100 {
            let (probability, slope) = crossing(bound, scale, step)
            if probability > spending { low = bound } else { high = bound }
            var next = bound + (probability - spending) / slope
            if !(next > low && next < high) { next = low + (high - low) / 2 }
            let isDone = (next - bound).magnitude < 1e-14 * max(1, bound.magnitude)
            bound = next
            if isDone { break }
        }
        return bound
    }

    /// The probability of passing the bound now, and its slope (positive) against the bound.
    private func crossing(_ bound: Double, _ scale: Double, _ step: Double) -> (probability: Double, slope: Double) {
        var (probability, slope) = (0.0, 0.0)
        for (point, mass) in zip(points, masses) {
            let z = (bound * scale - point) / step
            probability += mass * td_normal_upper_tail(z)
            slope += mass * exp(-z * z / 2)
        }
        return (probability, slope * scale / (step * (2 * Double.pi).squareRoot()))
    }
}
