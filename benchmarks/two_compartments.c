/* Two compartments and an infusion, as deSolve calls compiled models. */
static double parms[6];
#define CL parms[0]
#define V1 parms[1]
#define Q parms[2]
#define V2 parms[3]
#define RATE parms[4]
#define UNTIL parms[5]

void initmod(void (*odeparms)(int *, double *)) {
    int count = 6;
    odeparms(&count, parms);
}

void derivs(int *neq, double *t, double *y, double *ydot, double *yout, int *ip) {
    double infused = *t < UNTIL ? RATE : 0.0;
    ydot[0] = infused - (CL + Q) / V1 * y[0] + Q / V2 * y[1];
    ydot[1] = Q / V1 * y[0] - Q / V2 * y[1];
}
