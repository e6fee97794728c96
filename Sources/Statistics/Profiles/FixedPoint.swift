/// Sums that do not depend on the order of their terms: each term is rounded to an integer before it is added.
///
/// A value is taken as z = (x − mean)/sd of the reference, clamped at ±1,024 (counted as saturated). Its sum is kept in
/// units of 2⁻²⁰, that of z² in units of 2⁻¹⁰: both terms are at most 2³⁰, so that an `Int64` holds 2³³ values at the
/// clamp. Beyond that a sum saturates.
enum FixedPoint {
    static let clamp: Double = 1_024
    static let sumUnit: Double = 0x1p20
    static let squareUnit: Double = 0x1p10
    /// The largest term of either sum.
    static let maximumTerm: Int64 = 1 << 30

    /// The nearest integer, ties to even, for magnitudes below 2⁵¹: adding 1.5·2⁵² leaves it in the low bits. The
    /// baseline of x86-64 has no rounding instruction, and a call would cost more than all the rest.
    @inline(__always)
    static func rounded(_ value: Double) -> Int64 {
        let magic: Double = 0x1.8p52
        return Int64(bitPattern: (value + magic).bitPattern) &- Int64(bitPattern: magic.bitPattern)
    }

    /// The sum, held at the ends of its range.
    static func saturatingSum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (left < 0 ? .min : .max) : sum
    }
}
