// Arithmetic on two doubles at a time, with names short enough to read an equation by.
// There is no fused multiply-add: it rounds once where the reference rounds twice.

@inline export function splat(x: f64): v128 { return f64x2.splat(x); }
@inline export function add(x: v128, y: v128): v128 { return f64x2.add(x, y); }
@inline export function sub(x: v128, y: v128): v128 { return f64x2.sub(x, y); }
@inline export function mul(x: v128, y: v128): v128 { return f64x2.mul(x, y); }
@inline export function div(x: v128, y: v128): v128 { return f64x2.div(x, y); }
