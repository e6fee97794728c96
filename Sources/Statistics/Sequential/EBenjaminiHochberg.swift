import Foundation

/// The e-BH procedure: which of several hypotheses to reject so that the expected share of false ones among them is at
/// most `level`, however the e-values depend on each other (Wang, Ramdas 2022, *False discovery rate control with
/// e-values*).
public enum EBenjaminiHochberg {
    /// With K e-values in descending order, the k largest are rejected for the largest k with e₍ₖ₎ ≥ K/(level·k).
    ///
    /// e = 100, 30, 1 at level 0.05: K/(level·k) is 60, 30, 20, so the first two are rejected.
    /// - Parameter logEValues: ln e, one per hypothesis. Of equal ones all or none are rejected.
    /// - Returns: for each hypothesis whether it is rejected.
    public static func rejected(logEValues: [Double], level: Double) -> [Bool] {
        precondition(level > 0 && level < 1, "a level is between 0 and 1")
        let count = Double(logEValues.count)
        let descending = logEValues.sorted(by: >)
        let last = descending.indices.last { descending[$0] >= log(count / (level * Double($0 + 1))) }
        guard let last else { return logEValues.map { _ in false } }
        return logEValues.map { $0 >= descending[last] }
    }
}
